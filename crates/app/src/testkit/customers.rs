//! Customers of sites.

use super::World;
use crate::{Clock, Committed, Customer, IdentityAlgorithm, SiteIdentity};
use macaw_domain::{ConversationId, TenantId, VisitorId};

fn customer(world: &World, subject: &str, here: Option<(VisitorId, ConversationId)>) -> Customer {
    Customer {
        tenant: world.tenant,
        site: world.site,
        subject: subject.into(),
        name: Some("Ann 安".into()),
        email: Some("ann@shop.example".into()),
        here,
        fresh: (VisitorId(world.clock.fresh()), world.fresh()),
        at: world.clock.now(),
    }
}

pub(super) async fn a_customer_is_one_visitor_on_every_device(mut world: World) {
    // The device's own conversation becomes the customer's, and gets its name at once.
    let talk = world.begun().await;
    assert_eq!(talk.visitor_name, None);
    let here = (talk.visitor, talk.id);
    while world.committed.try_recv().is_ok() {}
    assert_eq!(world.store.join(customer(&world, "ann", Some(here))).await.unwrap(), here);
    assert_eq!(world.header(talk.id).await.visitor_name.as_deref(), Some("Ann 安"));
    let told = world.committed.recv().await.unwrap();
    assert!(
        matches!(&told[..], [Committed::Header { conversation, state: true }] if conversation.visitor_name.is_some())
    );
    // Another device joins it, whatever it was before.
    let other = (VisitorId(world.clock.fresh()), world.fresh());
    for device in [None, Some(other)] {
        assert_eq!(world.store.join(customer(&world, "ann", device)).await.unwrap(), here);
    }
    // A device that was Ann's becomes nobody else's conversation.
    let bob = customer(&world, "bob", Some(here));
    let fresh = bob.fresh;
    assert_eq!(world.store.join(bob).await.unwrap(), fresh);
    // A later change of state keeps the name; an append does too.
    world.store.commit(talk.accept(world.owner, world.clock.now()).unwrap()).await.unwrap();
    world.store.append(world.asks(talk.id, "again", "hi")).await.unwrap();
    assert_eq!(world.header(talk.id).await.visitor_name.as_deref(), Some("Ann 安"));
    // Without a name the address is read, and without both nothing.
    let nameless = Customer { name: None, ..customer(&world, "ann", None) };
    world.store.join(nameless).await.unwrap();
    assert_eq!(world.header(talk.id).await.visitor_name.as_deref(), Some("ann@shop.example"));
}

pub(super) async fn a_customer_that_comes_twice_at_once_is_one_visitor(world: World) {
    for n in 0..8 {
        // Subjects are whatever the site says: a blank at the end makes another customer.
        let subjects = [format!("ann{n}"), format!("ann{n} ")];
        let (one, two) = tokio::join!(
            world.node(0).join(customer(&world, &subjects[0], None)),
            world.node(1).join(customer(&world, &subjects[0], None))
        );
        let ann = one.unwrap();
        assert_eq!(two.unwrap(), ann);
        assert_ne!(world.store.join(customer(&world, &subjects[1], None)).await.unwrap(), ann);
        assert_eq!(world.store.join(customer(&world, &subjects[0], None)).await.unwrap(), ann);
    }
}

pub(super) async fn a_customers_conversation_begins_with_its_name(world: World) {
    let id = world.fresh();
    let here = (VisitorId(id.0), id);
    assert_eq!(world.store.join(customer(&world, "ann", Some(here))).await.unwrap(), here);
    assert!(world.store.conversation(world.tenant, id).await.unwrap().is_none(), "nothing begins by signing in");
    world.store.append(world.asks(id, "first", "hello")).await.unwrap();
    assert_eq!(world.header(id).await.visitor_name.as_deref(), Some("Ann 安"));
}

pub(super) async fn how_a_site_knows_its_customers_stays_inside_its_tenant(world: World) {
    let identity = SiteIdentity {
        tenant: world.tenant,
        site: world.site,
        algorithm: IdentityAlgorithm::Hs256,
        key: vec![7; 16],
        changed_at: world.clock.now(),
    };
    let other = TenantId(world.fresh().0);
    assert_eq!(world.store.site_identity(world.tenant, world.site).await.unwrap(), None);
    world.store.put_site_identity(identity.clone()).await.unwrap();
    assert_eq!(world.store.site_identity(world.tenant, world.site).await.unwrap(), Some(identity.clone()));
    assert_eq!(world.store.site_identity(other, world.site).await.unwrap(), None);
    world.store.put_site_identity(SiteIdentity { tenant: other, key: vec![8; 16], ..identity.clone() }).await.unwrap();
    assert!(!world.store.drop_site_identity(other, world.site).await.unwrap());
    assert_eq!(world.store.site_identity(world.tenant, world.site).await.unwrap(), Some(identity.clone()));
    let changed = SiteIdentity { algorithm: IdentityAlgorithm::EdDsa, key: b"pem".to_vec(), ..identity };
    world.store.put_site_identity(changed.clone()).await.unwrap();
    assert_eq!(world.store.site_identity(world.tenant, world.site).await.unwrap(), Some(changed));
    assert!(world.store.drop_site_identity(world.tenant, world.site).await.unwrap());
    assert_eq!(world.store.site_identity(world.tenant, world.site).await.unwrap(), None);
}
