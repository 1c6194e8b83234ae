// Debian's docker-registry (CNCF Distribution 2.8) on a free loopback port: the other registry that the console can show.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

/** How long a start may take, in milliseconds. */
const START_LIMIT = 20_000;

/** ann, with the password "right horse". */
const USERS = "ann:$2y$05$abcdefghijklmnopqrstuuB05BVy0V7KomGh8K56xgiHLq3Wkqh46\n";

export class Distribution {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    /** `127.0.0.1:port`. */
    readonly host: string,
  ) {}

  get url(): string {
    return `http://${this.host}`;
  }

  /** Starts one on the data of `data`, for everybody or for ann alone. */
  static async start(data: string, options: { password: boolean } = { password: false }): Promise<Distribution> {
    const folder = await mkdtemp(path.join(tmpdir(), "distribution-"));
    await writeFile(path.join(folder, "users"), USERS);
    const settings = {
      version: 0.1,
      log: { level: "info", accesslog: { disabled: true } },
      storage: { filesystem: { rootdirectory: data } },
      http: { addr: "127.0.0.1:0", secret: "other" },
      ...(options.password ? { auth: { htpasswd: { realm: "other", path: path.join(folder, "users") } } } : {}),
    };
    // JSON is YAML.
    await writeFile(path.join(folder, "config.yml"), JSON.stringify(settings));
    const environment: NodeJS.ProcessEnv = { ...process.env };
    for (const name of Object.keys(environment)) if (name.startsWith("REGISTRY_")) delete environment[name];
    const child = spawn("docker-registry", ["serve", path.join(folder, "config.yml")], {
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    const host = await new Promise<string>((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error(`docker-registry did not start:\n${said}`)), START_LIMIT);
      const hear = (data: Buffer) => {
        said += data.toString();
        const address = /listening on (127\.0\.0\.1:\d+)/.exec(said)?.[1];
        if (address === undefined) return;
        clearTimeout(limit);
        resolve(address);
      };
      child.stdout?.on("data", hear);
      child.stderr?.on("data", hear);
      child.once("error", reject);
      child.once("exit", (code) => reject(new Error(`docker-registry ended with ${code}:\n${said}`)));
    });
    return new Distribution(child, folder, host);
  }

  /** Ends it; its data stay. */
  async stop(): Promise<void> {
    const ended = new Promise<void>((resolve) => {
      if (this.child.exitCode !== null || this.child.signalCode !== null) resolve();
      else this.child.once("exit", () => resolve());
    });
    this.child.kill("SIGTERM");
    await ended;
    await rm(this.folder, { recursive: true, force: true });
  }
}
