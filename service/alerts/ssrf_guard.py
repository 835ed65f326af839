"""Which addresses the service may call: a webhook must not reach what lies behind the firewall with it."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_CARRY_IPV4 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"), IPv6Network("::/96"))
"""Translated to the IPv4 address in the last four bytes (RFC 6052, RFC 8215), or once meant to be (RFC 4291)."""


def is_public(address: str) -> bool:
    """Whether it is one machine's address on the internet.

    Private, loopback, link-local, shared and reserved ranges are not, nor is multicast; an IPv6 address that carries an
    IPv4 address is looked at as both.
    """
    given = ip_address(address)
    both = {given, _carried(given)}
    return all(one.is_global and not one.is_multicast and not _is_site_local(one) for one in both)


def is_within(address: str, networks: Iterable[Network]) -> bool:
    """Whether it, or the IPv4 address that it carries, is in one of the networks."""
    given = ip_address(address)
    both = {given, _carried(given)}
    return any(one in network for network in networks for one in both)


def _is_site_local(address: Address) -> bool:
    """What private ranges of IPv6 once were (RFC 3879): the library calls them global."""
    return isinstance(address, IPv6Address) and address.is_site_local


def _carried(address: Address) -> Address:
    """The IPv4 address that a packet to this one may end at; the address itself if there is none."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if any(address in network for network in _CARRY_IPV4):
        return IPv4Address(address.packed[-4:])
    return address
