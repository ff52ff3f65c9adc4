//! Cuts lists into pages, by token and by number.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::envelope::Refusal;
use super::parameters::{Parameters, invalid};

/// Where a page begins and how long it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Page {
    start: Start,
    size: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Start {
    /// Items before the page.
    Offset(usize),
    /// After the last item of the page before; the offset stands in when that item is gone.
    After { id: String, offset: usize },
}

/// The sizes that an action documents.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sizes {
    pub(super) default: usize,
    pub(super) smallest: usize,
    pub(super) largest: usize,
    /// A size outside the range becomes the nearest one instead of being refused.
    pub(super) clamped: bool,
}

impl Sizes {
    fn check(self, parameters: &Parameters, name: &str) -> Result<Option<usize>, Refusal> {
        let Some(given) = parameters.integer(name)? else { return Ok(None) };
        let size = usize::try_from(given).unwrap_or(0);
        if (self.smallest..=self.largest).contains(&size) {
            return Ok(Some(size));
        }
        if !self.clamped || given < 1 {
            return Err(invalid(name));
        }
        Ok(Some(size.clamp(self.smallest, self.largest)))
    }
}

impl Page {
    /// Reads `MaxResults` and `NextToken`.
    ///
    /// # Errors
    ///
    /// `InvalidParameter` for a size outside the range or a token that no answer gave.
    pub(super) fn by_token(parameters: &Parameters, sizes: Sizes) -> Result<Self, Refusal> {
        let size = sizes.check(parameters, "MaxResults")?.unwrap_or(sizes.default);
        let start = match parameters.text("NextToken") {
            None => Start::Offset(0),
            Some(token) => decode_token(token).ok_or_else(|| invalid("NextToken"))?,
        };
        Ok(Self { start, size })
    }

    /// Reads both ways of paging; a token wins over a page number.
    ///
    /// `numbered` are the sizes that `PageSize` can have.
    ///
    /// # Errors
    ///
    /// As [`Page::by_token`].
    pub(super) fn by_token_or_number(
        parameters: &Parameters,
        tokened: Sizes,
        numbered: Sizes,
    ) -> Result<Self, Refusal> {
        if parameters.text("NextToken").is_some() {
            return Self::by_token(parameters, tokened);
        }
        let wanted = tokened.check(parameters, "MaxResults")?;
        let size = numbered.check(parameters, "PageSize")?;
        let number = match parameters.integer("PageNumber")? {
            None => 1,
            Some(number) if number >= 1 => usize::try_from(number).unwrap_or(usize::MAX),
            Some(_) => return Err(invalid("PageNumber")),
        };
        let size = wanted.or(size).unwrap_or(numbered.default);
        Ok(Self { start: Start::Offset((number - 1).saturating_mul(size)), size })
    }

    /// Returns the number of items that the page holds at most.
    pub(super) fn size(&self) -> usize {
        self.size
    }

    /// Returns the items of the page, and the token of the next one while more items follow.
    pub(super) fn cut<'a, T>(&self, items: &'a [T], id: impl Fn(&T) -> &str) -> (&'a [T], Option<String>) {
        let from = match &self.start {
            Start::Offset(offset) => *offset,
            Start::After { id: last, offset } => {
                items.iter().position(|item| id(item) == last).map_or(*offset, |position| position + 1)
            }
        };
        let from = from.min(items.len());
        let to = from.saturating_add(self.size).min(items.len());
        let page = &items[from..to];
        let token = match page.last() {
            Some(last) if to < items.len() => Some(encode_token(id(last), to)),
            _ => None,
        };
        (page, token)
    }
}

impl Page {
    /// Returns the last item of the page before, if a token names one.
    pub(super) fn after(&self) -> Option<&str> {
        match &self.start {
            Start::Offset(_) => None,
            Start::After { id, .. } => Some(id),
        }
    }

    /// Returns what [`Page::cut`] would of the accepted ones of `candidates`, which begin behind
    /// [`Page::after`]. It looks at no more of them than the page needs, so that reading all pages of a
    /// long list costs no more than its length.
    pub(super) fn select<'a, T>(
        &self,
        candidates: impl Iterator<Item = &'a T>,
        id: impl Fn(&T) -> &str,
        accepts: impl Fn(&T) -> bool,
    ) -> (Vec<&'a T>, Option<String>) {
        let (before, skipped) = match &self.start {
            Start::Offset(offset) => (*offset, *offset),
            Start::After { offset, .. } => (*offset, 0),
        };
        let mut accepted = candidates.filter(|item| accepts(item)).skip(skipped);
        let items: Vec<&T> = accepted.by_ref().take(self.size).collect();
        let next = accepted.next().and(items.last());
        let token = next.map(|last| encode_token(id(last), before + items.len()));
        (items, token)
    }
}

fn encode_token(id: &str, offset: usize) -> String {
    URL_SAFE_NO_PAD.encode(format!("{offset}:{id}"))
}

fn decode_token(token: &str) -> Option<Start> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    let (offset, id) = text.split_once(':')?;
    Some(Start::After { id: id.to_owned(), offset: offset.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::super::encoding::decode_pairs;
    use super::*;

    const SIZES: Sizes = Sizes { default: 10, smallest: 1, largest: 100, clamped: false };

    fn parameters(raw: &str) -> Parameters {
        Parameters::new(decode_pairs(raw))
    }

    fn items() -> Vec<String> {
        (0..25).map(|n| format!("s-{n:02}")).collect()
    }

    #[test]
    fn tokens_lead_through_all_pages_also_when_an_item_vanishes() {
        let mut items = items();
        let mut found = Vec::new();
        let mut token = String::new();
        for step in 0.. {
            let page = Page::by_token(&parameters(&format!("NextToken={token}")), SIZES).unwrap();
            let (part, next) = page.cut(&items, |item| item);
            found.extend(part.iter().cloned());
            let Some(next) = next else { break };
            token = next;
            if step == 0 {
                items.remove(3);
            }
        }
        assert_eq!(found, super::tests::items());
    }

    #[test]
    fn a_selected_page_is_the_one_that_is_cut() {
        let items = items();
        let even = |item: &String| item.ends_with(['0', '2', '4', '6', '8']);
        let accepted: Vec<String> = items.iter().filter(|item| even(item)).cloned().collect();
        let mut token = String::new();
        for _ in 0..3 {
            let page =
                Page::by_token(&parameters(&format!("MaxResults=5&NextToken={token}")), SIZES).unwrap();
            let (cut, next) = page.cut(&accepted, |item| item);
            let behind = page.after().map_or(0, |id| items.iter().position(|item| item == id).unwrap() + 1);
            let (selected, same) = page.select(items[behind..].iter(), |item| item, even);
            assert_eq!((selected, &same), (cut.iter().collect(), &next));
            token = next.unwrap_or_default();
        }
        assert_eq!(token, "");
    }

    #[test]
    fn page_numbers_work_and_a_token_wins_over_them() {
        let items = items();
        let read = |raw: &str| Page::by_token_or_number(&parameters(raw), SIZES, SIZES);
        let (part, token) = read("PageNumber=3&PageSize=10").map(|p| p.cut(&items, |i| i)).unwrap();
        assert_eq!((part.len(), token), (5, None));
        let (part, token) =
            read("PageNumber=1&PageSize=20&MaxResults=20").map(|p| p.cut(&items, |i| i)).unwrap();
        assert_eq!(part.len(), 20);
        let next = format!("PageNumber=1&MaxResults=20&NextToken={}", token.unwrap());
        let (part, _) = read(&next).map(|p| p.cut(&items, |i| i)).unwrap();
        assert_eq!(part[0], "s-20");
        assert_eq!(read("PageNumber=9").unwrap().cut(&items, |i| i).0.len(), 0);
    }

    #[test]
    fn sizes_outside_the_range_are_refused_or_clamped() {
        assert!(Page::by_token(&parameters("MaxResults=101"), SIZES).is_err());
        assert!(Page::by_token(&parameters("MaxResults=0"), SIZES).is_err());
        assert!(Page::by_token(&parameters("NextToken=nonsense"), SIZES).is_err());
        let disks = Sizes { default: 10, smallest: 10, largest: 500, clamped: true };
        assert_eq!(Page::by_token(&parameters("MaxResults=3"), disks).unwrap().size(), 10);
        assert_eq!(Page::by_token(&parameters("MaxResults=999"), disks).unwrap().size(), 500);
    }
}
