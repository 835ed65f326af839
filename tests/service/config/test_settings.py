from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.config.settings import Settings, UnusableSettings, decode_key, read_settings
from service.security.keys import load_or_create_keys

SECRET = "khong-ai-biet"
KEY = "A" * 43
DSN = f"postgresql://kn:{SECRET}@db.example/kn"


def test_without_any_variable_everything_has_a_value(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    settings = read_settings()
    assert settings.database_url is None
    assert settings.home == tmp_path / ".kiennghi"
    assert settings.zone == ZoneInfo("Asia/Ho_Chi_Minh")
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIENNGHI_DATABASE_URL", "")
    assert read_settings().database_url is None


def test_a_secret_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "url").write_text(f"{DSN}\n")
    monkeypatch.setenv("KIENNGHI_DATABASE_URL_FILE", str(tmp_path / "url"))
    given_url = read_settings().database_url
    assert given_url is not None
    assert given_url.get_secret_value() == DSN


def test_a_secret_given_twice_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KIENNGHI_TOKEN_KEY", KEY)
    monkeypatch.setenv("KIENNGHI_TOKEN_KEY_FILE", str(tmp_path / "key"))
    with pytest.raises(UnusableSettings, match="both set"):
        read_settings()


def test_a_secret_file_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KIENNGHI_VAULT_KEY_FILE", str(tmp_path / "missing"))
    with pytest.raises(UnusableSettings, match=r"KIENNGHI_VAULT_KEY_FILE: cannot read .*missing"):
        read_settings()


def test_all_that_is_wrong_is_said_at_once_and_no_secret_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIENNGHI_PORT", "eighty")
    monkeypatch.setenv("KIENNGHI_TIMEZONE", "Asia/Hanoi")
    monkeypatch.setenv("KIENNGHI_DATABASE_URL", f"host=db password={SECRET} and more")
    monkeypatch.setenv("KIENNGHI_VAULT_KEY", SECRET)
    with pytest.raises(UnusableSettings) as refusal:
        read_settings()
    message = str(refusal.value)
    assert "KIENNGHI_PORT: " in message
    assert "KIENNGHI_TIMEZONE: 'Asia/Hanoi' is not an IANA time zone" in message
    assert "KIENNGHI_DATABASE_URL: not a PostgreSQL connection string" in message
    assert "KIENNGHI_VAULT_KEY: wants 32 random bytes" in message
    assert SECRET not in message


@pytest.mark.parametrize("name", ["../etc/passwd", "/etc/localtime", "", "UTC\0", "Asia/ho chi minh"])
def test_what_is_no_time_zone_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not an IANA time zone"):
        Settings(timezone=name)


def test_a_misspelt_variable_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIENNGHI_DATABSE_URL", DSN)
    with pytest.raises(UnusableSettings, match="is KIENNGHI_DATABASE_URL meant"):
        read_settings()


def test_what_an_orchestrator_sets_of_its_own_accord_is_let_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIENNGHI_SERVICE_HOST", "10.0.0.7")
    monkeypatch.setenv("KIENNGHI_PORT_8000_TCP_ADDR", "10.0.0.7")
    assert read_settings().host == "127.0.0.1"


def test_settings_do_not_print_secrets() -> None:
    settings = Settings(database_url=DSN, token_key=KEY)  # type: ignore[arg-type]  # as the environment gives them
    assert SECRET not in repr(settings) + settings.model_dump_json()
    assert KEY not in repr(settings) + settings.model_dump_json()


@given(st.text())
def test_a_text_is_a_key_only_if_it_holds_32_bytes(text: str) -> None:
    try:
        assert len(decode_key(text)) == 32
    except ValueError as refusal:
        assert "wants 32 random bytes" in str(refusal)  # noqa: PT017  either outcome is right


def test_keys_are_made_once_and_for_their_owner_alone(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "new" / "home")
    first = load_or_create_keys(settings)
    assert load_or_create_keys(settings) == first
    assert len(first.token) == len(first.vault) == 32
    assert first.token != first.vault
    made = sorted(settings.home.iterdir())
    assert [path.name for path in made] == ["token.key", "vault.key"]
    assert {path.stat().st_mode & 0o777 for path in made} == {0o600}
    assert repr(first) == "ServiceKeys()"


def test_a_given_key_wins_over_a_made_one(tmp_path: Path) -> None:
    load_or_create_keys(Settings(home=tmp_path))
    given_key = Settings(home=tmp_path, vault_key=KEY)  # type: ignore[arg-type]
    assert load_or_create_keys(given_key).vault == bytes(32)


def test_beside_a_given_database_keys_must_be_given_too(tmp_path: Path) -> None:
    with pytest.raises(UnusableSettings, match="KIENNGHI_TOKEN_KEY or KIENNGHI_TOKEN_KEY_FILE is needed"):
        load_or_create_keys(Settings(home=tmp_path, database_url=DSN))  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    load_or_create_keys(Settings(home=tmp_path))
    (tmp_path / "vault.key").chmod(0o640)
    with pytest.raises(UnusableSettings, match="can be read by others"):
        load_or_create_keys(Settings(home=tmp_path))


def test_a_damaged_key_file_is_not_replaced(tmp_path: Path) -> None:
    load_or_create_keys(Settings(home=tmp_path))
    (tmp_path / "vault.key").write_text("half")
    with pytest.raises(UnusableSettings, match="put it back from the backup"):
        load_or_create_keys(Settings(home=tmp_path))
