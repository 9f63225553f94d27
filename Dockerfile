# The program of a release and Node, nothing else: the program holds its packages. Built in a folder with npm's tarball.
FROM node:24-alpine AS package
COPY warren-*.tgz /warren.tgz
RUN mkdir /warren && tar -xzf /warren.tgz -C /warren --strip-components=1 && chmod +x /warren/dist/main.js

FROM node:24-alpine
COPY --from=package /warren /opt/warren
RUN ln -s /opt/warren/dist/main.js /usr/local/bin/warren && rm -rf /usr/local/lib/node_modules /opt/yarn*
USER node
WORKDIR /work
ENTRYPOINT ["warren"]
