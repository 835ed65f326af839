"""Checks which addresses may be called, and which lie behind the firewall."""

from ipaddress import ip_network

import pytest

from service.alerts.ssrf_guard import is_in_networks, is_public_address

PUBLIC = ["8.8.8.8", "203.162.4.190", "1.1.1.1", "2606:4700:4700::1111", "2405:4800::1", "::ffff:8.8.8.8"]
NOT_PUBLIC = [
    # loopback, unspecified, this network
    *("127.0.0.1", "127.255.255.254", "127.1.2.3", "0.0.0.0", "0.1.2.3", "::1", "::"),
    # private, shared, link-local (with the addresses that clouds answer on)
    *("10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.255.255"),
    *("100.64.0.1", "100.127.255.255", "169.254.169.254", "169.254.0.1"),
    *("fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "febf::1", "fec0::1"),
    # documentation, benchmarks, reserved, broadcast
    *("192.0.0.1", "192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1", "240.0.0.1", "255.255.255.255"),
    *("2001:db8::1", "100::1"),
    # multicast
    *("224.0.0.1", "239.255.255.250", "ff02::1", "ff0e::1"),
    # IPv4 inside IPv6: mapped, compatible, 6to4, Teredo, NAT64
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:192.168.1.1", "::ffff:0.0.0.0"),
    *("::ffff:224.0.0.1", "::127.0.0.1", "::10.0.0.1", "2002:7f00:1::1", "2002:0a00:1::1", "2002:c0a8:101::1"),
    *("2001:0:4136:e378:8000:63bf:f5ff:fffe", "64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b:1::a00:1"),
    "64:ff9b::169.254.169.254",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_on_the_internet_may_be_called(address: str) -> None:
    assert is_public_address(address)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_behind_the_firewall_may_not(address: str) -> None:
    assert not is_public_address(address)


@pytest.mark.parametrize(
    ("address", "is_in"),
    [("10.1.2.3", True), ("::ffff:10.1.2.3", True), ("10.2.0.1", False), ("fd12::7", True), ("fd13::7", False)],
)
def test_a_network_that_is_allowed_holds_its_own_addresses_alone(address: str, is_in: bool) -> None:
    assert is_in_networks(address, [ip_network("10.1.0.0/16"), ip_network("fd12::/48")]) is is_in
