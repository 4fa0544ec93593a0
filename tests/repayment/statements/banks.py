"""A bank of tests: what really moved on an account, written as files of every kind, each in its own way."""

from dataclasses import dataclass, field
from datetime import date
from xml.sax.saxutils import escape

from tideover.kit.money import decimal_of

ACCOUNT = "LV80BANK0000435195001"
KINDS = ("camt02", "camt08", "mt940", "ofx", "csv")
MAPPING = {
    "delimiter": ";", "decimal": ",", "days": "%d.%m.%Y", "account_column": "Account", "currency_column": "Currency",
    "booked_on": "Booked", "value_on": "Value", "amount": "Amount", "bank_id": "Number", "end_to_end": "End to end",
    "name": "Name", "other_account": "Payer", "text": ("Details",), "state": "State", "pending_states": ("pending",),
}  # fmt: skip


@dataclass(frozen=True)
class Move:
    """Something that really happened on the account. `parts` makes it a booking of several payments in one sum."""

    on: date
    amount: int
    text: str = ""
    name: str = ""
    payer: str = ""
    bank_id: str = ""
    end_to_end: str = ""
    value_on: date | None = None
    currency: str = "EUR"
    is_pending: bool = False
    is_reversal: bool = False
    code: str = ""
    parts: tuple["Move", ...] = field(default=())

    @property
    def value(self) -> date:
        return self.value_on or self.on

    @property
    def plain(self) -> str:
        return str(abs(decimal_of(self.amount, self.currency)))


def written(kind, moves, *, account=ACCOUNT, opening=0, number="", balances=True):
    """A file of a kind, as bytes."""
    made = {"camt02": _camt, "camt08": _camt, "mt940": _mt940, "ofx": _ofx, "csv": _csv}[kind]
    return made(kind, list(moves), account, opening, number, balances).encode()


def _camt(kind, moves, account, opening, number, balances):
    version = kind[-2:]
    closing = opening + sum(it.amount for it in moves if not it.is_pending)
    entries = "".join(_entry(it, version) for it in moves)
    told = f"{_bal('OPBD', opening)}{_bal('CLBD', closing)}" if balances else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}">'
        f"<BkToCstmrStmt><GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-25T03:00:00Z</CreDtTm></GrpHdr><Stmt><Id>{number or len(moves)}</Id>"
        f"{f'<ElctrncSeqNb>{number}</ElctrncSeqNb>' if number else ''}"
        f"<Acct><Id><IBAN>{account}</IBAN></Id><Ccy>EUR</Ccy></Acct>{told}{entries}</Stmt></BkToCstmrStmt></Document>"
    )


def _bal(kind, amount):
    side = "DBIT" if amount < 0 else "CRDT"
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{abs(decimal_of(amount, "EUR"))}</Amt>'
        f"<CdtDbtInd>{side}</CdtDbtInd><Dt><Dt>2026-11-25</Dt></Dt></Bal>"
    )


def _entry(move, version):
    status = "PDNG" if move.is_pending else "BOOK"
    status = status if version == "02" else f"<Cd>{status}</Cd>"
    details = move.parts or (move,)
    inside = "".join(_details(it, version, is_part=bool(move.parts)) for it in details)
    ref = f"<AcctSvcrRef>{move.bank_id}</AcctSvcrRef>" if move.bank_id else ""
    return (
        f'<Ntry><Amt Ccy="{move.currency}">{move.plain}</Amt><CdtDbtInd>{_side(move)}</CdtDbtInd>'
        f"{'<RvslInd>true</RvslInd>' if move.is_reversal else ''}<Sts>{status}</Sts><BookgDt><Dt>{move.on}</Dt></BookgDt>"
        f"<ValDt><Dt>{move.value}</Dt></ValDt>{ref}<BkTxCd/><NtryDtls>{inside}</NtryDtls></Ntry>"
    )


def _side(move):
    return "DBIT" if move.amount < 0 else "CRDT"


def _details(move, version, *, is_part):
    side = "Dbtr" if (move.amount > 0) != move.is_reversal else "Cdtr"
    name = f"<Nm>{escape(move.name)}</Nm>" if move.name else ""
    party = f"<Pty>{name}</Pty>" if version == "08" else name
    account = f"<{side}Acct><Id><IBAN>{move.payer}</IBAN></Id></{side}Acct>" if move.payer else ""
    amount = (
        f'<Amt Ccy="{move.currency}">{move.plain}</Amt><CdtDbtInd>{_side(move)}</CdtDbtInd>'
        if is_part
        else ""
    )
    code = f"<RtrInf><Rsn><Cd>{move.code}</Cd></Rsn></RtrInf>" if move.code else ""
    return (
        f"<TxDtls><Refs><EndToEndId>{escape(move.end_to_end) or 'NOTPROVIDED'}</EndToEndId></Refs>{amount}"
        f"<RltdPties><{side}>{party}</{side}>{account}</RltdPties><RmtInf><Ustrd>{escape(move.text)}</Ustrd></RmtInf>{code}</TxDtls>"
    )


def _mt940(kind, moves, account, opening, number, balances):
    closing = opening + sum(it.amount for it in moves if not it.is_pending)
    rows = [":20:STARTUMS", f":25:{account}", f":28C:{number or 0}", f":60F:{_swift_balance(opening)}"]
    for it in moves:
        rows += [_field_61(it), *_field_86(it)]
    return "\r\n".join([*rows, f":62F:{_swift_balance(closing)}", "-", ""])


def _swift_balance(amount):
    return f"{'D' if amount < 0 else 'C'}261125EUR{_comma(abs(amount))}"


def _comma(minor):
    return str(decimal_of(minor, "EUR")).replace(".", ",")


def _field_61(move):
    side = ("RC" if move.amount < 0 else "RD") if move.is_reversal else ("D" if move.amount < 0 else "C")
    bank = f"//{move.bank_id}" if move.bank_id else ""
    return f":61:{move.value:%y%m%d}{move.on:%m%d}{side}{_comma(abs(move.amount))}NTRFNONREF{bank}"


def _field_86(move):
    told = (f"EREF+{move.end_to_end}" if move.end_to_end else "") + f"SVWZ+{move.text}"
    if move.code:
        told = f"{told} {move.code}"
    pieces = [told[place : place + 27] for place in range(0, len(told), 27)][:10]
    said = "166?00GUTSCHRIFT" + "".join(f"?{20 + place}{it}" for place, it in enumerate(pieces))
    said += f"?31{move.payer}?32{move.name[:27]}?33{move.name[27:54]}"
    rows = [said[place : place + 65] for place in range(0, len(said), 65)]
    return [f":86:{rows[0]}", *rows[1:]]


def _ofx(kind, moves, account, opening, number, balances):
    closing = opening + sum(it.amount for it in moves)
    rows = "".join(
        f"<STMTTRN>\n<TRNTYPE>CREDIT\n<DTPOSTED>{it.on:%Y%m%d}120000[0:GMT]\n"
        f"<DTAVAIL>{it.value:%Y%m%d}\n<TRNAMT>{decimal_of(it.amount, 'EUR')}\n"
        f"<FITID>{it.bank_id}\n<NAME>{escape(it.name)}\n<MEMO>{escape(' '.join(x for x in (it.text, it.end_to_end) if x))}\n</STMTTRN>\n"
        for it in moves
    )
    return (
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:UTF-8\nCHARSET:NONE\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS>\n"
        f"<CURDEF>EUR\n<BANKACCTFROM>\n<BANKID>1\n<ACCTID>{account}\n</BANKACCTFROM>\n<BANKTRANLIST>\n{rows}</BANKTRANLIST>\n"
        f"<LEDGERBAL>\n<BALAMT>{decimal_of(closing, 'EUR')}\n<DTASOF>20261125\n</LEDGERBAL>\n</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>\n"
    )


def _csv(kind, moves, account, opening, number, balances):
    head = "Account;Currency;Booked;Value;Amount;Number;End to end;Name;Payer;Details;State"
    rows = [
        ";".join(
            [
                account, "EUR", f"{it.on:%d.%m.%Y}", f"{it.value:%d.%m.%Y}", f"{decimal_of(it.amount, 'EUR')}".replace(".", ","),
                it.bank_id, it.end_to_end, it.name, it.payer, it.text, "pending" if it.is_pending else "booked",
            ]
        )
        for it in moves
    ]  # fmt: skip
    return "\n".join([head, *rows, ""])
