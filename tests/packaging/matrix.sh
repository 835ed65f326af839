#!/usr/bin/env bash
# Runs every check on each Python and each PostgreSQL that this machine has: 3.11 to 3.13, and the embedded server (18)
# beside a server of the system (15 to 18). A combination that is not installed is named and passed over.
set -u
cd "$(dirname "$0")/../.."
failed=()
for version in 3.11 3.12 3.13; do
    python=$(command -v "python$version") && "$python" -c '' 2>/dev/null || { echo "python$version is not installed"; continue; }
    environment=.venv-$version
    make --no-print-directory PYTHON="$python" VENV="$environment" setup || { failed+=("python$version: setup"); continue; }
    for server in embedded 15 16 17 18; do
        binaries=/usr/lib/postgresql/$server/bin
        if [ "$server" = embedded ]; then binaries=; elif [ ! -x "$binaries/postgres" ]; then
            echo "PostgreSQL $server is not installed"; continue
        fi
        echo "== Python $version, PostgreSQL ${server}"
        PG_BIN=$binaries make --no-print-directory VENV="$environment" test || failed+=("Python $version, PostgreSQL $server")
    done
done
[ ${#failed[@]} -eq 0 ] && echo "all that is installed passes" || { printf 'failed: %s\n' "${failed[@]}"; exit 1; }
