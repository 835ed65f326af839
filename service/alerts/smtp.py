"""E-mail: one message, one recipient, one connection, to the server that the settings name."""

from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Literal

import aiosmtplib
import structlog

from domain.alerts.vocabulary import FailureReason
from service.alerts.delivery_error import NotTaken
from service.config.settings import Settings

log = structlog.get_logger("kiennghi.alerts")

SECONDS = 30.0
"""For each answer of the server."""


@dataclass(frozen=True)
class MailServer:
    """Where e-mail is handed over, and in whose name."""

    host: str
    port: int
    sender: str
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    seconds: float = SECONDS

    @classmethod
    def of(cls, settings: Settings) -> "MailServer | None":
        """None where no server is named."""
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
        """Returns once the server has taken the message over; NotTaken otherwise."""
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
            raise _refused(refused.recipients[0].code) from None
        except aiosmtplib.SMTPConnectError:
            raise NotTaken(FailureReason.UNREACHABLE) from None
        except TimeoutError:
            raise NotTaken(FailureReason.TIMED_OUT) from None
        except aiosmtplib.SMTPDataError as refused:
            raise _refused(refused.code) from None
        except aiosmtplib.SMTPServerDisconnected:
            raise NotTaken(FailureReason.BROKEN_OFF) from None
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            # It wants another sender, user, password or encryption: nothing that is wrong with this message.
            log.warning("mail_not_handed_over", error=type(error).__name__)
            raise NotTaken(FailureReason.NOT_NOW) from None


def _refused(code: int) -> NotTaken:
    """5xx is for good (RFC 5321 4.2.1)."""
    for_good = 500 <= code < 600
    return NotTaken(FailureReason.REFUSED if for_good else FailureReason.NOT_NOW, for_good=for_good)
