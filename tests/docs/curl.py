"""Stands in for curl on a machine that has none: the options that the tutorial uses, and no others."""

import argparse
import sys

import httpx2


def main() -> None:
    parser = argparse.ArgumentParser(prog="curl", allow_abbrev=False)
    parser.add_argument("-sS", action="store_true", dest="quiet")
    parser.add_argument("-H", action="append", default=[], dest="headers")
    parser.add_argument("-d", dest="body")
    parser.add_argument("url")
    asked = parser.parse_args()
    headers = dict(header.split(": ", 1) for header in asked.headers)
    method = "GET" if asked.body is None else "POST"
    content = None if asked.body is None else asked.body.encode()
    sys.stdout.write(httpx2.request(method, asked.url, headers=headers, content=content).text)
