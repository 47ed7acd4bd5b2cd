//! Sizes and spans of time as people write them (`10G`, `30m`), both ways; no limits are known here.

/// Reads a size in bytes: a number with an optional `k`, `M`, `G` or `T` (powers of 1024).
#[must_use]
pub fn bytes(text: &str) -> Option<u64> {
    let (number, unit) = split(text);
    let shift = match unit.trim_end_matches("iB").trim_end_matches('B') {
        "" => 0,
        "k" | "K" => 10,
        "M" => 20,
        "G" => 30,
        "T" => 40,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(1 << shift)
}

/// Reads a span of time in seconds: a number with an optional `s`, `m`, `h` or `d`.
#[must_use]
pub fn seconds(text: &str) -> Option<u64> {
    let (number, unit) = split(text);
    let factor = match unit {
        "" | "s" => 1,
        "m" | "min" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(factor)
}

/// Reads a number of processors in thousandths: `2`, `0.5`, with three decimals at most and from
/// 0.01 to a million, which is what the kernel takes.
#[must_use]
pub fn processors(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() > 3 {
        return None;
    }
    let thousandths = format!("{part:0<3}").parse::<u64>().ok()?;
    let all = whole.parse::<u64>().ok()?.checked_mul(1000)?.checked_add(thousandths)?;
    (10..=1_000_000_000).contains(&all).then_some(all)
}

/// A number of processors as a profile has it: `0.5`.
#[must_use]
pub fn show_processors(thousandths: u64) -> String {
    let text = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn split(text: &str) -> (&str, &str) {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    (&text[..end], text[end..].trim_start())
}

/// A size for people, in powers of 1000 as file managers show it: `41 kB`.
#[must_use]
pub fn show_bytes(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    let mut tenths = u128::from(bytes) / 100;
    let mut unit = 0;
    // 9995 tenths would be shown as "1000": the next unit says it better.
    while tenths >= 9_995 && unit + 1 < UNITS.len() {
        tenths = (tenths + 500) / 1000;
        unit += 1;
    }
    if tenths < 100 && !tenths.is_multiple_of(10) {
        format!("{}.{} {}", tenths / 10, tenths % 10, UNITS[unit])
    } else {
        format!("{} {}", tenths / 10, UNITS[unit])
    }
}

/// A number for people: `40,000`.
#[must_use]
pub fn show_count(count: u64) -> String {
    let digits = count.to_string();
    let mut shown = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read() {
        assert_eq!(bytes("10G"), Some(10 << 30));
        assert_eq!(bytes("4096"), Some(4096));
        assert_eq!(bytes("2 MiB"), Some(2 << 20));
        for wrong in ["", "G", "-1", "1.5G", "10X", "99999999999T"] {
            assert_eq!(bytes(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn times_are_read() {
        assert_eq!(seconds("30m"), Some(1800));
        assert_eq!(seconds("90"), Some(90));
        assert_eq!(seconds("2 h"), Some(7200));
        assert_eq!(seconds("1y"), None);
    }

    #[test]
    fn processors_are_read_and_shown() {
        for (text, thousandths) in [("2", 2000), ("0.5", 500), ("1.25", 1250), ("0.01", 10)] {
            assert_eq!(processors(text), Some(thousandths));
            assert_eq!(show_processors(thousandths), text);
        }
        for wrong in
            ["", "0", "0.001", ".5", "1.", "1.2345", "-1", "1e3", "150%", "1.5.2", "9999999"]
        {
            assert_eq!(processors(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn figures_are_shown() {
        assert_eq!(show_bytes(999), "999 B");
        assert_eq!(show_bytes(41_000), "41 kB");
        assert_eq!(show_bytes(1_500_000), "1.5 MB");
        assert_eq!(show_bytes(999_999), "1 MB");
        assert_eq!(show_count(40_000), "40,000");
        assert_eq!(show_count(999), "999");
        assert!(!show_bytes(u64::MAX).is_empty());
    }
}
