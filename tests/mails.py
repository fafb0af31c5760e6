"""Raw mails for tests, as programs write them."""

from __future__ import annotations

from email.message import EmailMessage


def raw_mail(
    text: str = "It flickers when it rains.",
    *,
    sender: str = "Ana García <ana@acme.example>",
    subject: str = "The lamp flickers",
    message_id: str = "<first@acme.example>",
    html: str = "",
    files: tuple[tuple[str, bytes, str], ...] = (),
    **headers: str,
) -> bytes:
    """A mail.

    Args:
        text: Its plain text.
        sender: The header From.
        subject: The subject.
        message_id: Its id; empty: it has none.
        html: The same as HTML, or empty.
        files: Name, content and media type of each file.
        headers: Further headers, an underscore for each hyphen.
    """
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = "help@northwind.example"
    mail["Subject"] = subject
    if message_id:
        mail["Message-ID"] = message_id
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    for name, content, media_type in files:
        kind, _slash, subtype = media_type.partition("/")
        mail.add_attachment(content, maintype=kind, subtype=subtype, filename=name)
    return mail.as_bytes()


def bounce_of(message_id: str, status: str = "5.1.1") -> bytes:
    """What a mail server reports about a mail that it could not deliver (RFC 3464)."""
    lines = [
        "Return-Path: <>",
        "From: Mail Delivery System <MAILER-DAEMON@mx.acme.example>",
        "To: help@northwind.example",
        "Subject: Undelivered Mail Returned to Sender",
        "Message-ID: <report@mx.acme.example>",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
        "",
        "--b",
        "Content-Type: text/plain",
        "",
        "I'm sorry to have to inform you that your message could not be delivered.",
        "--b",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.acme.example",
        "",
        "Final-Recipient: rfc822; ana@acme.example",
        "Action: failed",
        f"Status: {status}",
        f"Diagnostic-Code: smtp; 550 {status} User unknown",
        "",
        "--b",
        "Content-Type: message/rfc822",
        "",
        "From: help@northwind.example",
        "References: <hd.other@northwind.example>",
        f"Message-ID: {message_id}",
        "Subject: Re: The lamp flickers",
        "",
        "Have you tried another socket?",
        "--b--",
    ]
    return "\r\n".join(lines).encode()
