# The image: the one binary, with the C library that it needs, and the authorities of certificates.
# `make image` gathers them in target/image.tar first. An archive, for it tells whose each file is.
FROM scratch
ADD target/image.tar /

# The process starts as root and goes on as the owner of the data folder: of a new volume that is 65532, of a folder of
# the machine whoever made it.
ENV HUMPBACK_RUN_AS_OWNER=1
VOLUME ["/var/lib/registry"]
EXPOSE 5000
HEALTHCHECK --interval=30s --timeout=6s --start-period=10s CMD ["/bin/humpback-registry", "health"]
ENTRYPOINT ["/bin/humpback-registry"]
CMD ["serve"]
