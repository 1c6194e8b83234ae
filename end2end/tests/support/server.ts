// The real binary on a free loopback port with a data folder of its own.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

const binary = path.resolve(
  import.meta.dirname,
  "../..",
  process.env.HUMPBACK_BINARY ?? "../target/release/humpback-registry",
);

/** How long a start may take, in milliseconds; a debug build on a busy machine needs some. */
const START_LIMIT = 20_000;

export class Server {
  private constructor(
    private readonly child: ChildProcess,
    private readonly root: string,
    private readonly output: { text: string },
    /** `127.0.0.1:port`: what stands before the slash in image names. */
    readonly host: string,
    /** The one-time code for the first administrator; undefined once there is one. */
    readonly setupCode: string | undefined,
  ) {}

  /** The console's address, without a slash at its end. */
  get url(): string {
    return `http://${this.host}`;
  }

  /** What the server has printed and logged so far. */
  get log(): string {
    return this.output.text;
  }

  /** Starts a server. With a password it has an administrator named admin; without, it prints a setup code. */
  static async start(options: { adminPassword?: string; parameters?: string[] } = {}): Promise<Server> {
    const root = await mkdtemp(path.join(tmpdir(), "humpback-"));
    const environment: NodeJS.ProcessEnv = { ...process.env };
    for (const name of Object.keys(environment)) {
      if (name.startsWith("HUMPBACK_") || name.startsWith("REGISTRY_")) delete environment[name];
    }
    // Not this machine's own configuration.
    environment.REGISTRY_CONFIGURATION_PATH = "";
    if (options.adminPassword !== undefined) environment.HUMPBACK_ADMIN_PASSWORD = options.adminPassword;
    const child = spawn(binary, ["serve", "--addr", "127.0.0.1:0", "--root", root, ...(options.parameters ?? [])], {
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output = { text: "" };
    try {
      const announced = await announcement(child, output);
      return new Server(child, root, output, announced.host, announced.setupCode);
    } catch (error) {
      child.kill("SIGKILL");
      await rm(root, { recursive: true, force: true });
      throw error;
    }
  }

  /** Ends the server as an operator would, and removes its data. */
  async stop(): Promise<void> {
    const ended = new Promise<number | null>((resolve) => {
      if (this.child.exitCode !== null) resolve(this.child.exitCode);
      else this.child.once("exit", (code) => resolve(code));
    });
    this.child.kill("SIGTERM");
    const code = await ended;
    await rm(this.root, { recursive: true, force: true });
    if (code !== 0) throw new Error(`the server ended with ${code}:\n${this.log}`);
  }
}

/** Waits until the server has said where it is. */
function announcement(
  child: ChildProcess,
  output: { text: string },
): Promise<{ host: string; setupCode: string | undefined }> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error(`the server has not started:\n${output.text}`)), START_LIMIT);
    let said = "";
    child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      output.text += chunk;
      said += chunk;
      const host = /^ *Registry +(\S+)$/m.exec(said)?.[1];
      // The announcement ends with an empty line after its last.
      if (host !== undefined && /\n\n$/.test(said)) {
        clearTimeout(limit);
        resolve({ host, setupCode: /^ *Setup code +(\S+)$/m.exec(said)?.[1] });
      }
    });
    child.stderr?.setEncoding("utf8").on("data", (chunk: string) => (output.text += chunk));
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the server ended with ${code}:\n${output.text}`)));
  });
}
