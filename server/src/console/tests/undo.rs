//! Deleting and taking back by plain forms.

use humpback::oci::Reference;

use super::*;

/// The number in the hidden field of the first form that sends to `action`.
fn id_on(page: &str, action: &str) -> String {
    let form = page.split(&format!("action=\"{action}\"")).nth(1).unwrap_or_else(|| panic!("no form to {action}"));
    let value = form.split("name=\"id\"").nth(1).and_then(|rest| rest.split("value=\"").nth(1)).unwrap();
    value.chars().take_while(char::is_ascii_digit).collect()
}

#[tokio::test]
async fn a_deleted_tag_is_undone_from_the_page_that_the_form_leads_to() {
    let world = World::new().await;
    world.push("team/app").await;
    let admin = world.cookie(Caller::Administrator).await;
    let deleted = world.submit("delete_tag", &admin, "repository=team/app&tag=v1").await;
    let place = deleted.header("location").to_owned();
    assert!(place.starts_with("/repositories/team/app?done=tag-deleted&what=v1&undo="), "{place}");
    let page = world.get(&place, &admin).await.body;
    assert!(page.contains("Tag v1 was deleted."));
    let undone =
        world.submit("restore_deletion", &admin, &format!("id={}", id_on(&page, "/api/restore_deletion"))).await;
    assert_eq!(undone.header("location"), "/repositories/team/app?done=tags-restored&what=1");
    let page = world.get(undone.header("location"), &admin).await.body;
    assert!(page.contains("1 tag was restored.") && page.contains("Select tag v1"), "{page}");
}

#[tokio::test]
async fn a_repository_goes_when_its_name_is_typed_and_comes_back_from_the_list() {
    let world = World::new().await;
    world.push("team/app").await;
    let admin = world.cookie(Caller::Administrator).await;
    let page = world.get("/delete-repository/team/app", &admin).await.body;
    assert!(page.contains("1 tag, 1 manifest and") && page.contains("It can be restored for 14 days."), "{page}");
    let wrong = world.call("/api/delete_repository", &admin, "repository=team/app&confirmation=team").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let deleted = world.submit("delete_repository", &admin, "repository=team/app&confirmation=team/app").await;
    assert_eq!(world.get("/repositories/team/app", &admin).await.status, StatusCode::NOT_FOUND);
    let page = world.get(deleted.header("location"), &admin).await.body;
    assert!(page.contains("The repository team/app was deleted.") && page.contains("Repository: 1 tag, 1 manifest"));
    let restored =
        world.submit("restore_deletion", &admin, &format!("id={}", id_on(&page, "/api/restore_deletion"))).await;
    assert_eq!(restored.header("location"), "/repositories/team/app?done=repository-restored&what=1");
    assert_eq!(world.get("/repositories/team/app", &admin).await.status, StatusCode::OK);
    assert!(!world.get("/manage/deleted", &admin).await.body.contains("team/app"));
}

#[tokio::test]
async fn several_tags_go_in_one_step_and_a_tag_moves_only_if_that_is_ticked() {
    let world = World::new().await;
    world.push("team/app").await;
    let admin = world.cookie(Caller::Administrator).await;
    let reference = Reference::Tag("v1".parse().unwrap());
    let name = "team/app".parse().unwrap();
    let digest = world.console.registry.manifest(&name, &reference).await.unwrap().unwrap().digest;
    let added = world.submit("put_tag", &admin, &format!("repository=team/app&digest={digest}&tag=v2")).await;
    assert_eq!(added.header("location"), "/repositories/team/app?done=tag-added&what=v2");
    for (tag, status) in [(".bad", 422), ("v2", 200)] {
        let answer =
            world.call("/api/put_tag", &admin, &format!("repository=team/app&digest={digest}&tag={tag}")).await;
        assert_eq!(answer.status.as_u16(), status, "{tag}: {}", answer.body);
    }
    let page = world.get("/delete-tags/team/app?tag=v1&tag=v2&tag=ghost", &admin).await.body;
    assert!(page.contains("Delete 2 tags of team/app?"), "{page}");
    let deleted = world.submit("delete_tags", &admin, "repository=team/app&tags[]=v1&tags[]=v2").await;
    let page = world.get(deleted.header("location"), &admin).await.body;
    assert!(page.contains("2 tags were deleted."), "{page}");

    // What was changed and by whom is for those who are signed in.
    let history = world.get("/tag-history/team/app", &admin).await.body;
    assert!(history.contains("4 changes") && history.contains("admin"), "{history}");
    let body = r#"{"name":"team/app","tag":"v2","page":1}"#;
    let told: serde_json::Value = serde_json::from_str(&world.call("/api/tag_history", "", body).await.body).unwrap();
    assert_eq!((&told["list"]["total"], &told["list"]["rows"][0]["by"]), (&2.into(), &"".into()));
    let back = world.submit("restore_tag", &admin, &format!("id={}", id_on(&history, "/api/restore_tag"))).await;
    assert_eq!(back.header("location"), "/repositories/team/app?done=tag-restored&what=v2");
}
