"""Spreadsheets as small lenders keep them, written with xlsxwriter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import xlsxwriter

Cells = Sequence[Sequence[object]]


def workbook(path: Path, *, at: str = "A1", **sheets: Cells) -> Path:
    """A workbook whose sheets start at that cell."""
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "dd/mm/yyyy"})
    top, left = int(at[1:]) - 1, ord(at[0]) - 65
    for name, cells in sheets.items():
        sheet = book.add_worksheet(name)
        for row, values in enumerate(cells):
            for column, value in enumerate(values):
                if value is not None:
                    sheet.write(top + row, left + column, value)
    book.close()
    return path


TERMS: Cells = [
    ["Client", "Mobile", "Loan no.", "Loan amount (EUR)", "Disbursed", "Term (months)", "Monthly payment",
     "Paid so far", "Remarks"],
    ["Anna Bērziņa", "+371 20000001", "A-1", 600, date(2026, 1, 10), 6, 105, 210, "nice"],
    ["Bert Ozols", "+371 20000002", "A-2", 1200.5, date(2026, 2, 1), 12, 110, 0, None],
    ["Carl Kalns", "+371 20000001", "A-3", "2.400,00", date(2025, 12, 31), 12, 220, 50.5, None],
]  # fmt: skip
"""One row a loan with its terms; one amount was typed as text, the continental way."""

BY_INSTALMENT = """\
borrower,name of language,country,loan,disbursed,amount lent,due,amount due,paid,paid on
B17,lv,LV,L-204,2026-01-10,600.00,2026-02-10,105.00,105.00,2026-02-09
B17,lv,LV,L-204,2026-01-10,600.00,2026-03-10,105.00,,
B18,lv,LV,L-205,2026-01-10,600.00,2026-02-10,105.00,40.00,2026-02-12
"""
"""One row an instalment, as the tutorial has it."""

BENGALI: Cells = [
    ["উপকূল সমিতি, ১ এপ্রিল ২০২৬"],
    [],
    ["সদস্য নং", "নাম", "মোবাইল", "ঋণ নং", "ঋণের পরিমাণ (টাকা)", "বিতরণের তারিখ", "কিস্তির সংখ্যা", "কিস্তি",
     "কিস্তির ধরন", "পরিশোধিত", "মন্তব্য"],
    ["১০১", "রহিমা", "01712345678", "ঋ-১", "১২,০০০", date(2026, 1, 5), 46, 290, "সাপ্তাহিক", "২,৯০০", None],
    ["১০২", "করিম", "০১৮১২৩৪৫৬৭৮", "ঋ-২", 10_000, "31/02/2026", 46, 242, "সাপ্তাহিক", 484, None],
    ["১০৩", "সালমা", "12", "ঋ-৩", 12_000, date(2026, 2, 2), 12, 1_100, "মাসিক", 1_100, None],
]  # fmt: skip

PERSIAN: Cells = [
    [
        "شماره مشتری",
        "نام و نام خانوادگی",
        "شماره وام",
        "مبلغ وام (تومان)",
        "تاریخ اولین قسط",
        "تعداد اقساط",
        "مانده",
    ],
    ["۱", "مریم", "و-۱", "۱۲۰٬۰۰۰ تومان", "۱۴۰۴/۱۲/۰۱", 12, "۱۱۰٬۰۰۰ تومان"],
    ["۲", "علی", "و-۲", "۶۰٬۰۰۰ تومان", "۱۴۰۴/۱۱/۱۵", 6, "۶۰٬۰۰۰ تومان"],
]

VIETNAMESE: Cells = [
    ["Mã KH", "Họ tên", "Số điện thoại", "Số hợp đồng", "Số tiền vay", "Ngày giải ngân", "Số kỳ", "Số tiền quá hạn",
     "Dư nợ", "Số ngày quá hạn"],
    ["K1", "Nguyễn Văn A", "0912345678", "HD1", "12.000.000 ₫", "15/01/2026", 12, "0 ₫", "9.000.000 ₫", 0],
    ["K2", "Trần Thị B", "0987654321", "HD2", "6.500.000 ₫", "20/02/2026", 6, "1.100.000 ₫", "6.500.000 ₫", 9],
]  # fmt: skip

LATVIAN: Cells = [
    [
        "Klients",
        "E-pasts",
        "Līguma nr.",
        "Aizdevuma summa",
        "Izsniegšanas datums",
        "Maksājumu skaits",
        "Samaksāts",
    ],
    ["Anna Bērziņa", "anna@example.lv", "LV-1", "1 200,50", "15.01.2026.", 10, "240,10"],
    ["Kārlis Ozols", "karlis@example.lv", "LV-2", "600,00", "01.02.2026.", 6, "0,00"],
]

PAYMENTS: Cells = [
    ["Loan no.", "Date", "Amount"],
    ["A-1", date(2026, 2, 9), 105],
    ["A-1", date(2026, 3, 20), 105],
    ["A-9", date(2026, 3, 21), 10],
]
