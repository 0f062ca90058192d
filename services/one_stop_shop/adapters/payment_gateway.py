"""The payment platform that citizens are sent to, with a signed order in the address.

Its word comes back over the gateway, which checks the signature (HMAC-SHA256 with the same secret).
"""

import hashlib
import hmac
from datetime import datetime
from urllib.parse import urlencode

from shared.errors import Unavailable


class SignedPaymentPage:
    """Sends applicants to one payment page; the signature keeps amount and order from being changed on the way."""

    def __init__(self, page: str, secret: str | None) -> None:
        self._page = page
        self._secret = secret

    def pay_url(self, payment: str, amount: int, description: str, expires_at: datetime, back: str) -> str:
        """The address of the page for this order; from there people are sent `back`.

        Raises:
            Unavailable: when no secret is shared with the payment platform.
        """
        if self._secret is None:
            raise Unavailable("payment_secret_missing", retry_after=60)
        order = urlencode(
            {
                "amount": amount,
                "description": description,
                "expires_at": expires_at.isoformat(),
                "payment": payment,
                "return_url": back,
            }
        )
        signature = hmac.new(self._secret.encode(), order.encode(), hashlib.sha256).hexdigest()
        return f"{self._page}?{order}&signature={signature}"
