"""Hidden rows and columns of XLS are left out and told, as those of XLSX are."""

from __future__ import annotations

import base64
import zlib
from decimal import Decimal
from pathlib import Path

import pytest

from cwb.sources.check import check_paths
from cwb.sources.xls_hidden import hidden_of_xls

# A workbook that LibreOffice wrote. "April 2025": a row of headings, three payments of £10.50, £21.00 and £31.50 in columns A to C, a
# name in D; row 3 and column D are hidden. "Más": two cells in row 1, which is hidden.
BOOK = zlib.decompress(base64.b85decode(
    b"c-rk)U2IfE6h3ozyS-aVcUy{LLA;=)&@S|cA8Qc1r3EDc+5jRkB(jv-y0UFI+ifCIbP;(ml4y9~g+xjEra_H~K4@b5=7UCGFwtnz@?bR"
    b"huo{gak*?o4ckcGGw5Gc?CPL5VyL0EvId{&?Idf)azy7Lv^703DQ&d3P$w$+<AO$=;1ys0|Fp;5o)45#EW#<;@e?>QS$v*VMe`Nssyc{"
    b"rrp!V+)T`tm{MF(gYzcg92i-u69=oA%0_aI`t-<yxl^gQL}ON;%N-aqGW&f`8{uJzA3pVxmSuoS2QLe3UI)j$of45$T`OH2^m3#<U{1L"
    b"}a4z$)N=U^VanU;%4@wZMbGLqI*S4rtJJZqOwog7=NO-i)$kF()mUf+oBeD5Fo7e!(sm-%lYT-uF*PTwDW=Qj%k%E0*Z9{wvxkHpCR$F"
    b"pePIq5OzdgDwG8^q%lPmFEtLKTwpcb{*44jHp<DUY={^S%s&fk45J@;j|(Wzn3_FLzaP}a@9pKN>H4RBNN6UQAeNi3VT^3czvi&X<?~_"
    b"w66A7(ipF@$L%3I6-!LY>KUUya+YVMj$6!Ub>aU$KfX~UpYA&T80K!ad2Vv#vxWQ(bMPZ`@Ehmg2XEtFFtD;Rl;bj-@kv>o2}oI!@k_Z"
    b"ZQ!Zs~rYv_%;`bb4zKv5ga&u=g6;D`gEp1!RAxqbC(ndDlH#PD)@sd$Ap-h12(0N7I5!guG*{7xZKvpKfbke^;Ge>&mdEZP+vb@ATgP="
    b")g6t)C&Tt)GW(&}Hs&Zb~ub1;$g%|Ed({6$w}g9tfo2S=01MBGkU`(uMP<a%SL2JNA=)g4RQ*jx77X{&Q^cyuU@FCVaD32O*)XxJT34O"
    b"*?%-t-AnTDLT}Y-#3Umhl(TR;w$~=1OcWkZ5xyHoFqr3M4jTd@<m74ig!onBUpt`po6POn5BUrNKL)lQF}$WXwuT)(L!oGfcHiTo_Zev"
    b"1`@!YuoBNo)LbAX1-X@UZ;pUgO&+@qi8hA^A(YGcha-MdsUw6pg+*h^kYYZ=Y4(tyFYbo@Vs9}-V4Gik{~e9TSTp>44j=fHre5pik?J^"
    b"NvCDl2EAs6M4RhA{OW@t2?4IdV&%4zQ6+^x|1^!TevdfWPKAW0X5kqgo~3!d0=b*|rs?$O)D$_^I5k7&+pYOf^XZxrJ%7H&dc0U(GAd*"
    b"yLUc0hwy|D7OB$kAp0BZ<sr3xeJDhK0y`Zl7M6V)WW4$F>&nJ4@TirI+<GKEYdfEQ$6HcsTO}*IIY>Xt^;*24?UiiUmc$RaVK^3CMIy}"
    b"C|j2ikV;B19NkBaa4#O2J4+W}|*D|Nv1en`1z$2&X1Z;xQ5CtxOm4NqjwMB&m~qOhvKgO=BWW(giNJszZmdvN}waDw(#ICqG!X*j!*)3"
    b"lq<?EB(<so{~~{<O90`93>gJ@W9zL$Tv_B4JBd?2PyKw=d-GqMXSunWl3jzMtj0G<oi=-){6g8-C|albRYn{FXiPqK;>7Z`b#msGhaG`"
    b"kr${-*ryt`%Y3v$j>*OyNjXk9#Kz!x4o}<yX%G1KPc~eG4{)5eD%w#mo}{oU$_YSBR8&e^BJ;$cU0fA+)X>|v9(v<>qy_V+%X&4Mt76v"
    b"F?S}Dhwaoze0b>Av2u*Hwry$w(IVY>^l$$EBk@;|LuS+An2c6B?@yuk6rIGel<hcKwEZ=*GdpLHToM1Pd=qr@L>KxU#2W8`4bPR-zt8g"
    b"@%zSisN7$3kQ$4s1+9mss&mzVC|I?`dtC2e?9i&l=e-O7)_Wd42LBIHfIceNhhr#)$u{iyg6*2!!z`ObWyU|0R*kDTp7H3a;3FF`7>Hl"
    b"v3|L<=n3O+C"
))  # fmt: skip


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "april.xls"
    path.write_bytes(BOOK)
    return path


def test_hidden_rows_and_columns_are_left_out_and_told(book: Path) -> None:
    assert hidden_of_xls(book) == {"April 2025": ({3}, {3}), "Más": ({1}, set())}
    (report,) = check_paths([book])
    assert (report.kept, report.gbp_kept) == (2, Decimal("42.00"))
    assert "1 hidden row and 1 hidden column of sheet 'April 2025' left out" in " ".join(report.notes)
    assert "cannot be told" not in " ".join(report.notes)


@pytest.mark.parametrize(
    ("at", "damage"),
    [
        (None, b"a text of that name"),
        (48, b"\x01\x00\x00\x00"),  # the folder begins in the table of sectors
        (48, b"\x00\xff\x00\x00"),  # a sector that is not there
        (512, bytes(range(256)) * 2),
    ],
)
def test_a_damaged_workbook_is_told_to_hide_what_cannot_be_told(book: Path, at: int | None, damage: bytes) -> None:
    book.write_bytes(damage if at is None else BOOK[:at] + damage + BOOK[at + len(damage) :])
    assert hidden_of_xls(book) is None


def test_sectors_that_run_in_a_circle_end(book: Path) -> None:
    # Every sector of the table follows itself.
    table = int.from_bytes(BOOK[76:80], "little")
    circle = b"".join(number.to_bytes(4, "little") for number in range(128))
    at = (table + 1) * 512
    book.write_bytes(BOOK[:at] + circle + BOOK[at + 512 :])
    assert hidden_of_xls(book) is None
    # The reader would follow them until no memory is left: it never begins.
    (report,) = check_paths([book])
    assert "its sectors run in a circle" in (report.error or "")


@pytest.mark.parametrize("shift", [0, 2, 3, 16])
def test_sectors_of_a_size_that_there_is_not_are_refused(book: Path, shift: int) -> None:
    # Of 4 bytes the sixteenth sector is the one that names itself as the next: one would follow it for ever.
    book.write_bytes(BOOK[:30] + bytes([shift, 0]) + BOOK[32:68] + bytes([16, 0, 0, 0]) + BOOK[72:])
    assert hidden_of_xls(book) is None
    (report,) = check_paths([book])
    assert report.error
    assert "not enough values" not in report.error
