//! Histories as builders really write them.

#![allow(clippy::unwrap_used)]

use super::*;

fn read(history: &[&str]) -> Vec<String> {
    let entry = |text: &&str| HistoryEntry { created_by: (*text).to_owned(), ..HistoryEntry::default() };
    instructions(&history.iter().map(entry).collect::<Vec<_>>())
}

#[test]
fn dockers_first_builder() {
    let history = [
        "/bin/sh -c #(nop) ADD file:5d673d25da3a14ce1f6cf66e4c7fd4f4b85a3759a9d93efb3fd9ff852b5b56e4 in / ",
        "/bin/sh -c #(nop)  CMD [\"bash\"]",
        "/bin/sh -c #(nop)  LABEL maintainer=NGINX Docker Maintainers <docker-maint@nginx.com>",
        "/bin/sh -c #(nop)  ENV NGINX_VERSION=1.19.3",
        "/bin/sh -c set -x     && addgroup --system --gid 101 nginx     && echo 'a     b'",
        "/bin/sh -c #(nop) COPY file:e7e183879c35719c18aa7f733651029fbcc55f5d8c22a877ae199b389425789e in / ",
        "/bin/sh -c #(nop)  ENTRYPOINT [\"/docker-entrypoint.sh\"]",
        "/bin/sh -c #(nop)  EXPOSE 80",
        "/bin/sh -c #(nop)  STOPSIGNAL SIGTERM",
        "/bin/sh -c #(nop)  CMD [\"nginx\" \"-g\" \"daemon off;\"]",
        "/bin/sh -c #(nop)  VOLUME [/data /log]",
        "|2 A=b c VERSION=1.0 /bin/sh -c make $VERSION",
        "/bin/sh -c #(nop)  HEALTHCHECK &{[\"CMD-SHELL\" \"curl -f http://localhost/ || exit 1\"] \"30s\" \"3s\" \"0s\" '\\x03'}",
    ];
    assert_eq!(
        read(&history),
        [
            "ADD file:5d673d25da3a14ce1f6cf66e4c7fd4f4b85a3759a9d93efb3fd9ff852b5b56e4 /",
            "CMD [\"bash\"]",
            "LABEL maintainer=NGINX Docker Maintainers <docker-maint@nginx.com>",
            "ENV NGINX_VERSION=1.19.3",
            "RUN set -x \\\n    && addgroup --system --gid 101 nginx \\\n    && echo 'a     b'",
            "COPY file:e7e183879c35719c18aa7f733651029fbcc55f5d8c22a877ae199b389425789e /",
            "ENTRYPOINT [\"/docker-entrypoint.sh\"]",
            "EXPOSE 80",
            "STOPSIGNAL SIGTERM",
            "CMD [\"nginx\", \"-g\", \"daemon off;\"]",
            "VOLUME /data /log",
            "RUN make $VERSION",
            "HEALTHCHECK --interval=30s --timeout=3s --retries=3 CMD curl -f http://localhost/ || exit 1",
        ]
    );
}

#[test]
fn buildkit() {
    let history = [
        "# debian.sh --arch 'amd64' out/ 'bookworm' '@1700000000'",
        "ARG VERSION=1.0",
        "SHELL [/bin/ash -eo pipefail -c]",
        "RUN |1 VERSION=1.0 /bin/sh -c make install # buildkit",
        "RUN /bin/ash -eo pipefail -c set -eux; \tapt-get update; \trm -rf /var # buildkit",
        "COPY /out /usr/local/bin # buildkit",
        "EXPOSE map[443/tcp:{} 80/tcp:{}]",
        "VOLUME [/data]",
        "CMD [\"serve\" \"--quiet\"]",
        "HEALTHCHECK &{[\"CMD\" \"/probe\" \"a b\"] \"1m30s\" \"0s\" \"5s\" \"1s\" '\\n'}",
        "HEALTHCHECK &{[\"NONE\"] \"0s\" \"0s\" \"0s\" \"0s\" '\\x00'}",
        "WORKDIR /srv",
        "USER 1000:1000",
    ];
    assert_eq!(
        read(&history),
        [
            "# debian.sh --arch 'amd64' out/ 'bookworm' '@1700000000'",
            "ARG VERSION=1.0",
            "SHELL [\"/bin/ash\", \"-eo\", \"pipefail\", \"-c\"]",
            "RUN make install",
            "RUN set -eux; \\\n    apt-get update; \\\n    rm -rf /var",
            "COPY /out /usr/local/bin",
            "EXPOSE 443/tcp 80/tcp",
            "VOLUME /data",
            "CMD [\"serve\", \"--quiet\"]",
            "HEALTHCHECK --interval=1m30s --start-period=5s --start-interval=1s --retries=10 CMD [\"/probe\", \"a b\"]",
            "HEALTHCHECK NONE",
            "WORKDIR /srv",
            "USER 1000:1000",
        ]
    );
}

#[test]
fn buildah_kaniko_and_others() {
    let history = [
        "/bin/sh -c #(nop) ADD file:0123 in / ",
        "/bin/sh -c #(nop) LABEL \"io.buildah.version\"=\"1.33.0\"",
        "/bin/sh -c apk add curl",
        "/bin/sh",
        "RUN apk add --no-cache git",
        "COPY . /app",
        "jib-maven-plugin:3.4.0",
        "bazel build ...\nsecond line",
        "Windows Update",
        "cmd /S /C dir C:\\",
        "CMD /bin/sh -c serve",
        "",
    ];
    assert_eq!(
        read(&history),
        [
            "ADD file:0123 /",
            "LABEL \"io.buildah.version\"=\"1.33.0\"",
            "RUN apk add curl",
            "# /bin/sh",
            "RUN apk add --no-cache git",
            "COPY . /app",
            "# jib-maven-plugin:3.4.0",
            "# bazel build ...\n# second line",
            "# Windows Update",
            "RUN dir C:\\",
            "CMD /bin/sh -c serve",
            "",
        ]
    );
}

proptest::proptest! {
    #[test]
    fn never_panics(text in ".{0,200}", health in "&\\{\\[.{0,60}\\}", list in "(CMD|EXPOSE|VOLUME|RUN|SHELL) [\\[\"\\\\a \t]{0,40}") {
        for text in [text, format!("HEALTHCHECK {health}"), list] {
            let _ = read(&[text.as_str(), text.as_str()]);
        }
    }
}
