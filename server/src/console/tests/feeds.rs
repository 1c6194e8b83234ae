//! What a page is told first by its feed: whatever came after the page was made, once.

use humpback::{
    client::{Deed, user_agent},
    visits::Visits,
};
use tokio_util::sync::CancellationToken;

use super::*;

/// The images that a feed tells of, asked as `path` with these headers, before the process ends.
async fn told(world: &World, visits: &Visits, stop: &CancellationToken, path: &str, heard: Option<u64>) -> Vec<String> {
    let cookie = world.cookie(Caller::Administrator).await;
    let mut request = Request::get(path).header(header::HOST, HOST).header(header::COOKIE, cookie);
    if let Some(heard) = heard {
        request = request.header("last-event-id", heard);
    }
    let mut request = request.body(Body::empty()).unwrap();
    request.extensions_mut().insert(visits.clone());
    let answer = world.router.clone().oneshot(request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    stop.cancel();
    let body = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
    let body = String::from_utf8(body.to_vec()).unwrap();
    ["app:1", "app:2", "app:3"].into_iter().filter(|image| body.contains(image)).map(str::to_owned).collect()
}

#[tokio::test]
async fn a_feed_begins_with_what_came_since_its_page_was_made() {
    let world = World::new().await;
    for feed in [app::api::visits::FEED, app::api::home::FEED] {
        // A number; the images that are told if the page says it in the address, and if the browser says it too.
        for (known, heard, expected) in [
            (Some(0), None, &["app:1", "app:2", "app:3"][..]),
            (Some(1), None, &["app:2", "app:3"]),
            (Some(3), None, &[]),
            (None, None, &[]),
            // A browser that comes back by itself asks for the same address again.
            (Some(1), Some(2), &["app:3"]),
            (None, Some(2), &["app:3"]),
        ] {
            let stop = CancellationToken::new();
            let visits = Visits::new(world.console.clock.clone(), stop.clone());
            for image in ["app:1", "app:2", "app:3"] {
                let deed = Deed::Pushed { image: Some(image.to_owned()) };
                visits.tell(Some([127, 0, 0, 1].into()), user_agent::parse("skopeo/1.9.3"), deed);
            }
            let numbers: Vec<_> = visits.recent().into_iter().rev().map(|visit| visit.number).collect();
            let number = |place: usize| place.checked_sub(1).map_or(0, |place| numbers[place]);
            let path = known.map_or(feed.to_owned(), |known| format!("{feed}?after={}", number(known)));
            let told = told(&world, &visits, &stop, &path, heard.map(number)).await;
            assert_eq!(told, expected, "{feed} {known:?} {heard:?}");
        }
    }
}

#[tokio::test]
async fn a_feed_says_what_is_wrong_with_its_address() {
    let world = World::new().await;
    let visits = Visits::new(world.console.clock.clone(), CancellationToken::new());
    for feed in [app::api::visits::FEED, app::api::home::FEED] {
        let mut request =
            Request::get(format!("{feed}?after=x")).header(header::HOST, HOST).body(Body::empty()).unwrap();
        request.extensions_mut().insert(visits.clone());
        let answer = world.send(request).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{feed}");
        assert!(answer.body.contains("after"), "{feed}: {}", answer.body);
    }
}
