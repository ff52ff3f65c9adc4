//! Character sets by their IANA names, for `textencodebase64` and `textdecodebase64`.

use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GB18030, GBK, IBM866, ISO_2022_JP, ISO_8859_2, ISO_8859_3, ISO_8859_4,
    ISO_8859_5, ISO_8859_6, ISO_8859_7, ISO_8859_8, ISO_8859_10, ISO_8859_13, ISO_8859_14, ISO_8859_15,
    ISO_8859_16, KOI8_R, KOI8_U, MACINTOSH, SHIFT_JIS, UTF_8, WINDOWS_874, WINDOWS_1250, WINDOWS_1251,
    WINDOWS_1252, WINDOWS_1253, WINDOWS_1254, WINDOWS_1255, WINDOWS_1256, WINDOWS_1257, WINDOWS_1258,
};

/// A character set.
pub(super) struct Charset {
    /// The name that IANA prefers.
    pub name: &'static str,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    Table(&'static Encoding),
    Ascii,
    Latin1,
    /// Windows-1254 with the control characters that ISO 8859-9 has in place of punctuation.
    Latin5,
    Utf16 {
        big: bool,
        mark: bool,
    },
    /// ASCII, and these 128 characters above it.
    Upper(&'static str),
}

/// Preferred name, other names (in lower case, as the preferred one is also found), and how to do it.
/// From <https://www.iana.org/assignments/character-sets>.
const CHARSETS: &[(&str, &[&str], Kind)] = &[
    ("UTF-8", &["csutf8"], Kind::Table(UTF_8)),
    ("UTF-16", &["csutf16"], Kind::Utf16 { big: true, mark: true }),
    ("UTF-16BE", &["csutf16be"], Kind::Utf16 { big: true, mark: false }),
    ("UTF-16LE", &["csutf16le"], Kind::Utf16 { big: false, mark: false }),
    (
        "US-ASCII",
        &[
            "ansi_x3.4-1968",
            "ansi_x3.4-1986",
            "iso-ir-6",
            "iso646-us",
            "us",
            "ibm367",
            "cp367",
            "iso_646.irv:1991",
            "csascii",
        ],
        Kind::Ascii,
    ),
    (
        "ISO_8859-1:1987",
        &["iso-8859-1", "iso_8859-1", "latin1", "l1", "iso-ir-100", "ibm819", "cp819", "csisolatin1"],
        Kind::Latin1,
    ),
    (
        "ISO_8859-2:1987",
        &["iso-8859-2", "iso_8859-2", "latin2", "l2", "iso-ir-101", "csisolatin2"],
        Kind::Table(ISO_8859_2),
    ),
    (
        "ISO_8859-3:1988",
        &["iso-8859-3", "iso_8859-3", "latin3", "l3", "iso-ir-109", "csisolatin3"],
        Kind::Table(ISO_8859_3),
    ),
    (
        "ISO_8859-4:1988",
        &["iso-8859-4", "iso_8859-4", "latin4", "l4", "iso-ir-110", "csisolatin4"],
        Kind::Table(ISO_8859_4),
    ),
    (
        "ISO_8859-5:1988",
        &["iso-8859-5", "iso_8859-5", "cyrillic", "iso-ir-144", "csisolatincyrillic"],
        Kind::Table(ISO_8859_5),
    ),
    (
        "ISO_8859-6:1987",
        &["iso-8859-6", "iso_8859-6", "arabic", "iso-ir-127", "ecma-114", "asmo-708", "csisolatinarabic"],
        Kind::Table(ISO_8859_6),
    ),
    (
        "ISO_8859-7:1987",
        &[
            "iso-8859-7",
            "iso_8859-7",
            "greek",
            "greek8",
            "iso-ir-126",
            "elot_928",
            "ecma-118",
            "csisolatingreek",
        ],
        Kind::Table(ISO_8859_7),
    ),
    (
        "ISO_8859-8:1988",
        &["iso-8859-8", "iso_8859-8", "hebrew", "iso-ir-138", "csisolatinhebrew"],
        Kind::Table(ISO_8859_8),
    ),
    (
        "ISO_8859-9:1989",
        &["iso-8859-9", "iso_8859-9", "latin5", "l5", "iso-ir-148", "csisolatin5"],
        Kind::Latin5,
    ),
    (
        "ISO-8859-10",
        &["iso_8859-10:1992", "latin6", "l6", "iso-ir-157", "csisolatin6"],
        Kind::Table(ISO_8859_10),
    ),
    ("ISO-8859-13", &["csiso885913"], Kind::Table(ISO_8859_13)),
    (
        "ISO-8859-14",
        &["iso_8859-14", "iso_8859-14:1998", "latin8", "l8", "iso-celtic", "iso-ir-199", "csiso885914"],
        Kind::Table(ISO_8859_14),
    ),
    ("ISO-8859-15", &["iso_8859-15", "latin-9", "csiso885915"], Kind::Table(ISO_8859_15)),
    (
        "ISO-8859-16",
        &["iso_8859-16", "iso_8859-16:2001", "latin10", "l10", "iso-ir-226", "csiso885916"],
        Kind::Table(ISO_8859_16),
    ),
    ("Shift_JIS", &["ms_kanji", "csshiftjis"], Kind::Table(SHIFT_JIS)),
    (
        "Extended_UNIX_Code_Packed_Format_for_Japanese",
        &["euc-jp", "cseucpkdfmtjapanese"],
        Kind::Table(EUC_JP),
    ),
    ("ISO-2022-JP", &["csiso2022jp"], Kind::Table(ISO_2022_JP)),
    ("EUC-KR", &["cseuckr"], Kind::Table(EUC_KR)),
    ("GB18030", &["csgb18030"], Kind::Table(GB18030)),
    ("GBK", &["cp936", "ms936", "windows-936", "csgbk"], Kind::Table(GBK)),
    ("Big5", &["csbig5"], Kind::Table(BIG5)),
    ("KOI8-R", &["cskoi8r"], Kind::Table(KOI8_R)),
    ("KOI8-U", &["cskoi8u"], Kind::Table(KOI8_U)),
    ("IBM866", &["cp866", "866", "csibm866"], Kind::Table(IBM866)),
    (
        "IBM437",
        &["cp437", "437", "cspc8codepage437"],
        Kind::Upper(
            "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}",
        ),
    ),
    (
        "IBM850",
        &["cp850", "850", "cspc850multilingual"],
        Kind::Upper(
            "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}",
        ),
    ),
    (
        "IBM852",
        &["cp852", "852", "cspcp852"],
        Kind::Upper(
            "ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×čáíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐└┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀ÓßÔŃńňŠšŔÚŕŰýÝţ´\u{ad}˝˛ˇ˘§÷¸°¨˙űŘř■\u{a0}",
        ),
    ),
    (
        "IBM855",
        &["cp855", "855", "csibm855"],
        Kind::Upper(
            "ђЂѓЃёЁєЄѕЅіІїЇјЈљЉњЊћЋќЌўЎџЏюЮъЪаАбБцЦдДеЕфФгГ«»░▒▓│┤хХиИ╣║╗╝йЙ┐└┴┬├─┼кК╚╔╩╦╠═╬¤лЛмМнНоОп┘┌█▄Пя▀ЯрРсСтТуУжЖвВьЬ№\u{ad}ыЫзЗшШэЭщЩчЧ§■\u{a0}",
        ),
    ),
    (
        "IBM00858",
        &["ccsid00858", "cp00858", "pc-multilingual-850+euro", "csibm00858"],
        Kind::Upper(
            "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈ€ÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}",
        ),
    ),
    (
        "IBM860",
        &["cp860", "860", "csibm860"],
        Kind::Upper(
            "ÇüéâãàÁçêÊèÍÔìÃÂÉÀÈôõòÚùÌÕÜ¢£Ù₧ÓáíóúñÑªº¿Ò¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}",
        ),
    ),
    (
        "IBM862",
        &["cp862", "862", "cspc862latinhebrew"],
        Kind::Upper(
            "אבגדהוזחטיךכלםמןנסעףפץצקרשת¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}",
        ),
    ),
    (
        "IBM863",
        &["cp863", "863", "csibm863"],
        Kind::Upper(
            "ÇüéâÂà¶çêëèïî‗À§ÉÈÊôËÏûù¤ÔÜ¢£ÙÛƒ¦´óú¨¸³¯Î⌐¬½¼¾«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}",
        ),
    ),
    (
        "IBM865",
        &["cp865", "865", "csibm865"],
        Kind::Upper(
            "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø₧ƒáíóúñÑªº¿⌐¬½¼¡«¤░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}",
        ),
    ),
    ("macintosh", &["mac", "csmacintosh"], Kind::Table(MACINTOSH)),
    ("windows-874", &["cswindows874"], Kind::Table(WINDOWS_874)),
    ("windows-1250", &["cswindows1250"], Kind::Table(WINDOWS_1250)),
    ("windows-1251", &["cswindows1251"], Kind::Table(WINDOWS_1251)),
    ("windows-1252", &["cswindows1252"], Kind::Table(WINDOWS_1252)),
    ("windows-1253", &["cswindows1253"], Kind::Table(WINDOWS_1253)),
    ("windows-1254", &["cswindows1254"], Kind::Table(WINDOWS_1254)),
    ("windows-1255", &["cswindows1255"], Kind::Table(WINDOWS_1255)),
    ("windows-1256", &["cswindows1256"], Kind::Table(WINDOWS_1256)),
    ("windows-1257", &["cswindows1257"], Kind::Table(WINDOWS_1257)),
    ("windows-1258", &["cswindows1258"], Kind::Table(WINDOWS_1258)),
];

impl Charset {
    /// Returns a character set by one of its names, in capitals or not.
    pub(super) fn find(name: &str) -> Option<Self> {
        let wanted = name.to_ascii_lowercase();
        let found = CHARSETS.iter().find(|(name, others, _)| {
            name.eq_ignore_ascii_case(&wanted) || others.contains(&wanted.as_str())
        })?;
        Some(Self { name: found.0, kind: found.2 })
    }

    /// The tables are the browsers', which fill the gaps of these sets with control characters.
    fn fills_gaps(&self) -> bool {
        self.name.starts_with("windows-") || self.name.starts_with("ISO_8859-8")
    }

    /// Returns the bytes of a text; nothing when a character is not in the set.
    pub(super) fn encode(&self, text: &str) -> Option<Vec<u8>> {
        let single = |limit: u32| {
            text.chars().map(|c| u8::try_from(c as u32).ok().filter(|_| (c as u32) < limit)).collect()
        };
        match self.kind {
            Kind::Ascii => single(0x80),
            Kind::Latin1 => single(0x100),
            Kind::Latin5 => text
                .chars()
                .map(|c| match c as u32 {
                    code @ 0x80..=0x9f => u8::try_from(code).ok(),
                    _ => {
                        let mut buffer = [0; 4];
                        let (bytes, _, failed) = WINDOWS_1254.encode(c.encode_utf8(&mut buffer));
                        bytes.first().copied().filter(|byte| !failed && !(0x80..=0x9f).contains(byte))
                    }
                })
                .collect(),
            Kind::Utf16 { big, mark } => {
                let mark = mark.then_some(0xfeff);
                let units = mark.into_iter().chain(text.encode_utf16());
                Some(
                    units
                        .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
                        .collect(),
                )
            }
            Kind::Upper(upper) => text
                .chars()
                .map(|c| match upper.chars().position(|other| other == c) {
                    _ if c.is_ascii() => u8::try_from(c).ok(),
                    Some(at) => u8::try_from(at + 0x80).ok(),
                    None => None,
                })
                .collect(),
            Kind::Table(table) => {
                if self.fills_gaps() && text.chars().any(|c| ('\u{80}'..='\u{9f}').contains(&c)) {
                    return None;
                }
                let (bytes, _, failed) = table.encode(text);
                (!failed).then(|| bytes.into_owned())
            }
        }
    }

    /// Returns the text of bytes; nothing when they mean nothing in the set.
    pub(super) fn decode(&self, bytes: &[u8]) -> Option<String> {
        let text = match self.kind {
            Kind::Ascii if !bytes.is_ascii() => return None,
            Kind::Ascii | Kind::Latin1 => bytes.iter().map(|byte| char::from(*byte)).collect(),
            Kind::Latin5 => bytes
                .iter()
                .map(|byte| match byte {
                    0x80..=0x9f => char::from(*byte).to_string(),
                    _ => WINDOWS_1254.decode_without_bom_handling(&[*byte]).0.into_owned(),
                })
                .collect(),
            Kind::Utf16 { big, mark } => {
                let (big, bytes) = match bytes {
                    [0xfe, 0xff, rest @ ..] if mark => (true, rest),
                    [0xff, 0xfe, rest @ ..] if mark => (false, rest),
                    _ => (big, bytes),
                };
                if bytes.len() % 2 == 1 {
                    return None;
                }
                let unit = |pair: &[u8]| match pair {
                    [a, b] if big => u16::from_be_bytes([*a, *b]),
                    [a, b] => u16::from_le_bytes([*a, *b]),
                    _ => 0,
                };
                String::from_utf16(&bytes.chunks(2).map(unit).collect::<Vec<_>>()).ok()?
            }
            Kind::Upper(upper) => bytes
                .iter()
                .map(|byte| match byte.checked_sub(0x80) {
                    Some(at) => upper.chars().nth(usize::from(at)).unwrap_or('\u{fffd}'),
                    None => char::from(*byte),
                })
                .collect(),
            Kind::Table(table) => {
                let text = table.decode_without_bom_handling(bytes).0.into_owned();
                if self.fills_gaps() && text.chars().any(|c| ('\u{80}'..='\u{9f}').contains(&c)) {
                    return None;
                }
                text
            }
        };
        (!text.contains('\u{fffd}')).then_some(text)
    }
}
