//! What is kept of one address, as far as it speaks of one certificate: every list that no newer one speaks in the place of.
//!
//! An address brings a complete list today, and tomorrow one of changes, or of some reasons. What the narrower one says beyond
//! an older complete one must not depend on which came first, nor be forgotten while the source is down.

use super::cache::{Cache, CacheEntry, CacheKey};
use super::source::Validators;
use crate::time::UnixTime;
use crate::validation::{Coverage, Crl};

/// Most lists that are kept of one distribution point: a complete one, and some that cover less.
pub(super) const MAXIMUM_LISTS: usize = 4;

/// A digest of the name of a distribution point; `None` where a list speaks of everything its issuer issued.
type Point = Option<[u8; 32]>;

/// What becomes of a list that came, beside those that are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// None that is kept and current tells more.
    Foremost,
    /// It covers less than one that is kept: both are looked at, for it may revoke.
    Beside,
    /// Somebody plays an old list back, or an old mirror answers. It is left out.
    Older,
}

/// A list, and how it was come by.
struct Kept {
    list: Crl,
    coverage: Coverage,
    checked_at: UnixTime,
    validators: Validators,
}

impl Kept {
    fn is_current(&self, now: UnixTime) -> bool {
        self.list.next_update().is_some_and(|next| now < next)
    }

    /// Whether `list` speaks in its place.
    fn is_superseded_by(&self, list: &Crl, coverage: Coverage) -> bool {
        coverage.includes(self.coverage) && self.list.this_update() <= list.this_update()
    }
}

/// A place in the cache.
struct Slot {
    key: CacheKey,
    point: Point,
    content: Content,
}

enum Content {
    Nothing,
    /// Nothing that speaks of the certificate.
    Other,
    List(Box<Kept>),
}

/// The lists of one address that speak of one certificate.
pub(super) struct Shelf<'c> {
    cache: &'c dyn Cache,
    slots: Vec<Slot>,
    /// One that came, and for which there is no room.
    unkept: Option<Crl>,
}

impl<'c> Shelf<'c> {
    /// What `cache` has at `places`; `read` tells whether it speaks of the certificate, and how much.
    pub(super) fn load(
        cache: &'c dyn Cache,
        places: impl Iterator<Item = (Point, CacheKey)>,
        read: impl Fn(Vec<u8>) -> Option<(Crl, Coverage)>,
    ) -> Self {
        let slots = places.map(|(point, key)| {
            let content = cache.load(&key).map_or(Content::Nothing, |entry| match read(entry.bytes) {
                Some((list, coverage)) => Content::List(Box::new(Kept {
                    list,
                    coverage,
                    checked_at: entry.checked_at,
                    validators: entry.validators,
                })),
                None => Content::Other,
            });
            Slot { key, point, content }
        });
        let mut shelf = Self { cache, slots: slots.collect(), unkept: None };
        shelf.leave_out_superseded();
        shelf
    }

    /// Two points may each have kept a list of the same certificates.
    fn leave_out_superseded(&mut self) {
        let age = |number: usize, kept: &Kept| (kept.list.this_update(), kept.checked_at, number);
        let superseded = |number: usize, kept: &Kept| {
            self.kept().any(|(other, by)| by.coverage.includes(kept.coverage) && age(other, by) > age(number, kept))
        };
        let gone: Vec<usize> = self.kept().filter(|(n, kept)| superseded(*n, kept)).map(|(n, _)| n).collect();
        for number in gone {
            self.put(number, Content::Nothing);
        }
    }

    fn kept(&self) -> impl Iterator<Item = (usize, &Kept)> {
        self.slots.iter().enumerate().filter_map(|(number, slot)| match &slot.content {
            Content::List(kept) => Some((number, kept.as_ref())),
            Content::Nothing | Content::Other => None,
        })
    }

    fn put(&mut self, number: usize, content: Content) {
        if let Some(slot) = self.slots.get_mut(number) {
            slot.content = content;
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.kept().next().is_none()
    }

    /// The one that the source was last found to have.
    fn last(&self) -> Option<(usize, &Kept)> {
        self.kept().max_by_key(|(_, kept)| kept.checked_at)
    }

    /// By what to ask the source whether it has something else.
    pub(super) fn validators(&self) -> Option<&Validators> {
        self.last().map(|(_, kept)| &kept.validators)
    }

    /// Whether it is not time yet to ask again: asked less than so many seconds ago, and nothing has run out since.
    pub(super) fn is_young(&self, now: UnixTime, refresh_seconds: u32) -> bool {
        let age = |kept: &Kept| now.seconds().saturating_sub(kept.checked_at.seconds());
        // What a current list includes may run out.
        let missed = |kept: &Kept| {
            !self.kept().any(|(_, other)| other.is_current(now) && other.coverage.includes(kept.coverage))
        };
        self.kept().any(|(_, kept)| (0..i64::from(refresh_seconds)).contains(&age(kept)))
            && !self.kept().any(|(_, kept)| missed(kept))
    }

    /// The source has nothing new. Whether there is something that it can mean.
    pub(super) fn confirm(&self, now: UnixTime) -> bool {
        let last = self.last().and_then(|(number, _)| self.slots.get(number));
        if let Some(slot) = last {
            // A cache that cannot be written costs time only.
            let _ = self.cache.confirm(&slot.key, now);
        }
        last.is_some()
    }

    /// Takes in a list that came, with what it covers of the certificate and the point it is kept under.
    pub(super) fn add(
        &mut self,
        list: Crl,
        coverage: Coverage,
        validators: Validators,
        point: Point,
        now: UnixTime,
    ) -> Place {
        let newer = |kept: &Kept| kept.coverage.includes(coverage) && list.this_update() < kept.list.this_update();
        if self.kept().any(|(_, kept)| newer(kept)) {
            return Place::Older;
        }
        let more = |kept: &Kept| !coverage.includes(kept.coverage) && kept.is_current(now);
        let place = if self.kept().any(|(_, kept)| more(kept)) { Place::Beside } else { Place::Foremost };
        // The list in whose place it speaks goes first, then what answers nothing today.
        let rank = |slot: &Slot| match &slot.content {
            Content::List(kept) if kept.is_superseded_by(&list, coverage) => Some(0),
            Content::Nothing => Some(1),
            Content::List(kept) if !kept.is_current(now) => Some(2),
            Content::Other => Some(3),
            Content::List(_) => None,
        };
        let own = self.slots.iter().enumerate().filter(|(_, slot)| slot.point == point);
        let room = own.filter_map(|(number, slot)| Some((rank(slot)?, number))).min().map(|(_, number)| number);
        for slot in &mut self.slots {
            if matches!(&slot.content, Content::List(kept) if kept.is_superseded_by(&list, coverage)) {
                slot.content = Content::Nothing;
            }
        }
        match room.and_then(|number| Some((number, self.slots.get(number)?.key))) {
            Some((number, key)) => {
                let entry = CacheEntry { checked_at: now, validators, bytes: list.der().to_vec() };
                let _ = self.cache.store(&key, &entry);
                let validators = entry.validators;
                self.put(number, Content::List(Box::new(Kept { list, coverage, checked_at: now, validators })));
            }
            None => self.unkept = Some(list),
        }
        place
    }

    /// All of them.
    pub(super) fn into_lists(self) -> Vec<Crl> {
        let kept = self.slots.into_iter().filter_map(|slot| match slot.content {
            Content::List(kept) => Some(kept.list),
            Content::Nothing | Content::Other => None,
        });
        kept.chain(self.unkept).collect()
    }
}
