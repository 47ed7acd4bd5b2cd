//! Which TCP ports a run may connect to and bind: sets of numbers as a profile writes them. Nothing is enforced here.

use super::error::ProfileError;
use super::reader::{Table, Value};
use std::fmt;

/// So many ports a set may hold: the kernel takes a rule for each.
const MOST: u32 = 1024;

/// A set of ports: spans in order, with gaps between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortSet(Vec<(u16, u16)>);

/// The ports of a layer or a policy; `None` is every port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ports {
    /// May be connected to.
    pub connect: Option<PortSet>,
    /// May be bound, and so listened on; 0 stands for one of the kernel's choosing.
    pub bind: Option<PortSet>,
}

impl Ports {
    /// Nothing is said.
    pub const EVERY: Self = Self { connect: None, bind: None };

    /// Whether every port is open.
    #[must_use]
    pub const fn is_every(&self) -> bool {
        self.connect.is_none() && self.bind.is_none()
    }

    /// Whether a server may listen without having bound a port, on one of the kernel's choosing.
    #[must_use]
    pub fn chosen_by_the_kernel(&self) -> bool {
        self.bind.as_ref().is_none_or(|ports| ports.holds(0))
    }

    /// Takes what another says in its place.
    pub fn replace(&mut self, other: &Self) {
        for (mine, theirs) in [(&mut self.connect, &other.connect), (&mut self.bind, &other.bind)] {
            if theirs.is_some() {
                mine.clone_from(theirs);
            }
        }
    }

    /// Keeps what both grant.
    pub fn narrow(&mut self, other: &Self) {
        for (mine, theirs) in [(&mut self.connect, &other.connect), (&mut self.bind, &other.bind)] {
            if let Some(theirs) = theirs {
                *mine = Some(mine.as_ref().map_or_else(|| theirs.clone(), |m| m.and(theirs)));
            }
        }
    }
}

impl Default for Ports {
    fn default() -> Self {
        Self::EVERY
    }
}

impl PortSet {
    fn of(mut spans: Vec<(u16, u16)>) -> Self {
        spans.sort_unstable();
        let mut apart: Vec<(u16, u16)> = Vec::with_capacity(spans.len());
        for (first, last) in spans {
            match apart.last_mut() {
                Some((_, end)) if u32::from(first) <= u32::from(*end) + 1 => *end = last.max(*end),
                _ => apart.push((first, last)),
            }
        }
        Self(apart)
    }

    /// Whether a port is in it.
    #[must_use]
    pub fn holds(&self, port: u16) -> bool {
        self.0.iter().any(|(first, last)| (*first..=*last).contains(&port))
    }

    /// Every port in it.
    pub fn iter(&self) -> impl Iterator<Item = u16> {
        self.0.iter().flat_map(|(first, last)| *first..=*last)
    }

    fn and(&self, other: &Self) -> Self {
        let both = self.0.iter().flat_map(|(first, last)| {
            other.0.iter().map(|(from, to)| (*first.max(from), *last.min(to)))
        });
        Self::of(both.filter(|(first, last)| first <= last).collect())
    }

    /// The same with one more, as a profile has it; `None` where that would be more than a set may
    /// hold.
    #[must_use]
    pub fn with(&self, port: u16) -> Option<String> {
        let set = Self::of(self.0.iter().copied().chain([(port, port)]).collect());
        let shown = |(first, last): &(u16, u16)| match first == last {
            true => first.to_string(),
            false => format!("\"{first}-{last}\""),
        };
        let spans: Vec<String> = set.0.iter().map(shown).collect();
        (set.count() <= MOST).then(|| format!("[{}]", spans.join(", ")))
    }

    fn count(&self) -> u32 {
        self.0.iter().map(|(first, last)| u32::from(*last) - u32::from(*first) + 1).sum()
    }
}

impl fmt::Display for PortSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("none");
        }
        for (at, (first, last)) in self.0.iter().enumerate() {
            let space = if at == 0 { "" } else { " " };
            match first == last {
                true => write!(f, "{space}{first}")?,
                false => write!(f, "{space}{first}-{last}")?,
            }
        }
        Ok(())
    }
}

/// Reads `[ports]`.
pub(super) fn ports(table: &Table<'_>) -> Result<Ports, ProfileError> {
    table.only(&["connect", "bind"], |_| None)?;
    let set = |key| table.get(key).map(|value| ports_of(&value)).transpose();
    if let Some(value) = table.get("connect") {
        named(&value)?;
    }
    Ok(Ports { connect: set("connect")?, bind: set("bind")? })
}

/// Nobody can be called at port 0, which stands for the kernel's choice where a port is bound.
fn named(value: &Value<'_>) -> Result<(), ProfileError> {
    for item in value.items()? {
        if span(&item)?.0 == 0 {
            return Err(item.wrong(
                "port 0 cannot be connected to (in `bind` it stands for a port of the kernel's choosing)"
                    .to_owned(),
            ));
        }
    }
    Ok(())
}

fn ports_of(value: &Value<'_>) -> Result<PortSet, ProfileError> {
    let spans: Result<Vec<_>, _> = value.items()?.iter().map(span).collect();
    let set = PortSet::of(spans?);
    match set.count() {
        count if count > MOST => Err(value.wrong(format!(
            "{count} ports are named, and the kernel takes a rule for each; {MOST} are the most"
        ))),
        _ => Ok(set),
    }
}

fn span(value: &Value<'_>) -> Result<(u16, u16), ProfileError> {
    let wrong = || value.expected("a port such as 5432, or some such as \"8000-8010\"");
    if let Some(number) = value.number() {
        let port = u16::try_from(number).map_err(|_| wrong())?;
        return Ok((port, port));
    }
    let (first, last) = value.text().map_err(|_| wrong())?.split_once('-').ok_or_else(wrong)?;
    let port = |text: &str| text.trim().parse::<u16>().map_err(|_| wrong());
    let (first, last) = (port(first)?, port(last)?);
    if first <= last { Ok((first, last)) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_put_in_order_and_met() {
        let set = PortSet::of(vec![(80, 90), (443, 443), (91, 100), (85, 86), (0, 0)]);
        assert_eq!(set.to_string(), "0 80-100 443");
        assert!(set.holds(100) && !set.holds(101) && set.count() == 23);
        let other = PortSet::of(vec![(90, 443), (65535, 65535)]);
        assert_eq!(set.and(&other).to_string(), "90-100 443");
        assert_eq!(set.and(&PortSet::of(Vec::new())).to_string(), "none");
        assert_eq!(set.with(101).unwrap(), "[0, \"80-101\", 443]");
        assert_eq!(PortSet::of(Vec::new()).with(0).unwrap(), "[0]");
        assert_eq!(PortSet::of(vec![(1, 1024)]).with(9000), None);
        assert_eq!(PortSet::of(vec![(0, 65535), (65535, 65535)]).count(), 65536);
    }
}
