"""Sends e-mail: one message to one recipient in one connection, through the server that the settings name."""

from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Literal

import aiosmtplib
import structlog

from domain.alerts.vocabulary import FailureReason
from service.alerts.delivery_error import DeliveryFailed
from service.config.settings import Settings

log = structlog.get_logger("kiennghi.alerts")

SMTP_TIMEOUT_SECONDS = 30.0
"""The timeout for each answer of the server, in seconds."""


@dataclass(frozen=True)
class MailServer:
    """Holds the mail server that takes e-mail, and the sender's address."""

    host: str
    port: int
    sender: str
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    seconds: float = SMTP_TIMEOUT_SECONDS

    @classmethod
    def of(cls, settings: Settings) -> "MailServer | None":
        """Return the server of the settings; None if they name none."""
        if settings.smtp_host is None:
            return None
        password = settings.smtp_password
        return cls(
            host=settings.smtp_host,
            port=settings.smtp_port,
            sender=settings.smtp_sender,
            security=settings.smtp_security,
            user=settings.smtp_user,
            password=None if password is None else password.get_secret_value(),
        )

    async def send(self, address: str, message: EmailMessage) -> None:
        """Send the message to the server, and return once the server has taken it. Raise DeliveryFailed otherwise."""
        try:
            await aiosmtplib.send(
                message,
                sender=self.sender,
                recipients=[address],
                hostname=self.host,
                port=self.port,
                use_tls=self.security == "tls",
                start_tls=self.security == "starttls",
                username=self.user,
                password=self.password,
                timeout=self.seconds,
            )
        except aiosmtplib.SMTPRecipientsRefused as refused:
            raise _make_rejection(refused.recipients[0].code) from None
        except aiosmtplib.SMTPConnectError:
            raise DeliveryFailed(FailureReason.UNREACHABLE) from None
        except TimeoutError:
            raise DeliveryFailed(FailureReason.TIMED_OUT) from None
        except aiosmtplib.SMTPDataError as refused:
            raise _make_rejection(refused.code) from None
        except aiosmtplib.SMTPServerDisconnected:
            raise DeliveryFailed(FailureReason.BROKEN_OFF) from None
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            # The server demands another sender, user, password or encryption: the message itself has no fault.
            log.warning("mail_not_handed_over", error=type(error).__name__)
            raise DeliveryFailed(FailureReason.NOT_NOW) from None


def _make_rejection(code: int) -> DeliveryFailed:
    """Return the error for an SMTP reply code; a 5xx reply is final (RFC 5321 4.2.1)."""
    for_good = 500 <= code < 600
    return DeliveryFailed(FailureReason.REFUSED if for_good else FailureReason.NOT_NOW, for_good=for_good)
