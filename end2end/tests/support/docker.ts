// A docker daemon of a test's own, beside the server.

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

/** How long a daemon may take to start, in milliseconds. */
const START_LIMIT = 60_000;

export class Docker {
  private constructor(
    private readonly daemon: ChildProcess,
    private readonly root: string,
  ) {}

  /** Why there can be none here; undefined where there can. */
  static missing(): string | undefined {
    if (process.getuid?.() !== 0) return "a docker daemon needs root";
    return existsSync("/usr/sbin/dockerd") || existsSync("/usr/bin/dockerd") ? undefined : "there is no dockerd here";
  }

  static async start(): Promise<Docker> {
    const root = await mkdtemp(path.join(tmpdir(), "humpback-docker-"));
    // Not this machine's own.
    await writeFile(path.join(root, "daemon.json"), "{}");
    const folders = ["--data-root", `${root}/data`, "--exec-root", `${root}/exec`, "-p", `${root}/pid`];
    const apart = ["--iptables=false", "--ip6tables=false", "--bridge=none", "--storage-driver=vfs", "--config-file", `${root}/daemon.json`];
    const daemon = spawn("dockerd", ["-H", `unix://${root}/socket`, ...folders, ...apart], { stdio: "ignore" });
    const docker = new Docker(daemon, root);
    const limit = Date.now() + START_LIMIT;
    while (!(await docker.run("info").then(() => true, () => false))) {
      if (Date.now() > limit || daemon.exitCode !== null) {
        await docker.stop();
        throw new Error("dockerd has not started");
      }
    }
    return docker;
  }

  /** Runs a docker command; fails as it does. */
  async run(...args: string[]): Promise<string> {
    const env = { ...process.env, DOCKER_CONFIG: this.root };
    return (await promisify(execFile)("docker", ["-H", `unix://${this.root}/socket`, ...args], { env })).stdout;
  }

  async stop(): Promise<void> {
    const ended = new Promise<void>((resolve) => {
      if (this.daemon.exitCode !== null) resolve();
      else this.daemon.once("exit", () => resolve());
    });
    this.daemon.kill("SIGTERM");
    await ended;
    await rm(this.root, { recursive: true, force: true });
  }
}
