"""Decides which addresses the service may call: a webhook must not reach other machines behind the firewall."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

IpAddress = IPv4Address | IPv6Address
IpNetwork = IPv4Network | IPv6Network

_NETWORKS_WITH_EMBEDDED_IPV4 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"), IPv6Network("::/96"))
"""IPv6 networks that are translated to the IPv4 address in the last four bytes (RFC 6052, RFC 8215), or were meant to
be (RFC 4291).
"""


def is_public_address(address: str) -> bool:
    """Return True if the address belongs to one machine on the internet.

    Private, loopback, link-local, shared, reserved and multicast ranges are not public. An IPv6 address that embeds an
    IPv4 address must be public in both forms.
    """
    parsed = ip_address(address)
    forms = {parsed, _embedded_ipv4(parsed)}
    return all(one.is_global and not one.is_multicast and not _is_site_local(one) for one in forms)


def is_in_networks(address: str, networks: Iterable[IpNetwork]) -> bool:
    """Return True if the address, or the IPv4 address that it embeds, is in one of the networks."""
    parsed = ip_address(address)
    forms = {parsed, _embedded_ipv4(parsed)}
    return any(one in network for network in networks for one in forms)


def _is_site_local(address: IpAddress) -> bool:
    """Return True for a former private range of IPv6 (RFC 3879), which the library calls global."""
    return isinstance(address, IPv6Address) and address.is_site_local


def _embedded_ipv4(address: IpAddress) -> IpAddress:
    """Return the IPv4 address that a packet to this address may reach; the address itself if it embeds none."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if any(address in network for network in _NETWORKS_WITH_EMBEDDED_IPV4):
        return IPv4Address(address.packed[-4:])
    return address
