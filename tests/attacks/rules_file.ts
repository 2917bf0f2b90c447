// Rules of an attack's own, in a file that is there as long as the attack runs.
// In: rules as YAML. Out: a path for `-r`; the file is removed at the end of the block that declares it with `using`.

export class RulesFile implements Disposable {
  readonly path: string = Deno.makeTempFileSync({ suffix: ".yaml" });

  constructor(yaml: string) {
    Deno.writeTextFileSync(this.path, yaml);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path);
  }
}
