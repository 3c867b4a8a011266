//! Notices, their outbox, and what others see of an address: CH-01, CH-02, CH-06, RSN-22, RSN-23.

use crate::scene::{BANK, Scene, noon};
use honnin::wallet::{
    CarrierUnavailable, Command, Courier, Delivery, Medium, Notice, Operation, Viewer, WalletView, deliver,
};
use std::cell::RefCell;

/// A sink that takes everything but what it is told not to.
struct Sink {
    down: Option<Medium>,
    sent: RefCell<Vec<Medium>>,
}

impl Courier for Sink {
    fn send(&self, notice: &Notice) -> Result<(), CarrierUnavailable> {
        if self.down == Some(notice.medium) {
            return Err(CarrierUnavailable);
        }
        self.sent.borrow_mut().push(notice.medium);
        Ok(())
    }
}

fn queue() -> Vec<(Notice, Delivery)> {
    let mut scene = Scene::money();
    let mut notices = Vec::new();
    for operation in [Operation::Payment, Operation::Stop] {
        let hash = crate::scene::hash(50);
        notices.extend(scene.does(Command::IssueOneTimePassword { operation, hash }).notices);
    }
    notices.extend(scene.does(Command::StopByOperator).notices);
    notices.into_iter().map(|notice| (notice, Delivery::Queued { tries: 0, not_before: noon() })).collect()
}

#[test]
fn what_is_queued_is_sent_once() {
    let mut queue = queue();
    let sink = Sink { down: None, sent: RefCell::default() };
    assert_eq!(deliver(&mut queue, &sink, noon()), 3);
    assert_eq!(deliver(&mut queue, &sink, noon()), 0);
    assert_eq!(*sink.sent.borrow(), [Medium::Sms, Medium::Sms, Medium::Mail]);
}

#[test]
fn a_carrier_that_is_down_is_left_alone_and_the_other_goes_on_rsn_22_rsn_23() {
    let mut queue = queue();
    let mut sink = Sink { down: Some(Medium::Sms), sent: RefCell::default() };
    assert_eq!(deliver(&mut queue, &sink, noon()), 1, "mail");
    let not_before = noon().plus_seconds(60);
    assert_eq!(queue[0].1, Delivery::Queued { tries: 1, not_before });
    assert_eq!(queue[1].1, Delivery::Queued { tries: 0, not_before: noon() }, "not tried once the first failed");
    assert_eq!(deliver(&mut queue, &sink, not_before), 0);
    assert_eq!(queue[0].1, Delivery::Queued { tries: 2, not_before: not_before.plus_seconds(120) }, "longer each time");
    sink.down = None;
    assert_eq!(deliver(&mut queue, &sink, noon().plus_seconds(3600)), 2);
}

#[test]
fn a_notice_says_where_it_comes_from_and_nothing_personal_ch_01_ch_06() {
    let scene = Scene::money();
    for (notice, _) in queue() {
        let senders = notice.senders(&scene.policy.wallet.senders);
        assert!(!senders.is_empty());
        let text = serde_json::to_value(&notice).unwrap();
        let shown = text["fields"].to_string();
        assert!(!shown.contains("taro@") && !shown.contains("0000"), "{shown}");
        assert!(!format!("{notice:?}").contains("taro@"), "{notice:?}");
    }
}

#[test]
fn addresses_are_shown_to_the_holder_alone_ch_06() {
    let mut scene = Scene::money();
    scene.bank(BANK);
    let view = |viewer| serde_json::to_string(&WalletView::of(&scene.wallet, viewer, &scene.policy, scene.at)).unwrap();
    let (holder, other) = (view(Viewer::Holder), view(Viewer::Other));
    assert!(holder.contains("taro@example.jp") && holder.contains("090-0000-1234"));
    assert!(other.contains("t***@example.jp") && other.contains("***34"));
    assert!(!other.contains("taro") && !other.contains("1234"));
    assert!(!format!("{:?}", scene.wallet).contains("taro"), "nor in a log");
}
