// `require` for the bundles of the one-file executable: the runtime's own modules, each loaded when something in it is asked for.
// The program and its libraries import some twenty of them. A start needs few of these, and the engine's thread none at all,
// which spares it what the runtime sets up for the first of them, too.
// In: the name of a module. Out: what stands for the module. The build writes this in front of the loader and of each
// thread (scripts/compile/executable.ts).

/** Those that are there anyway, and are used for each alert. */
const LOADED_AT_ONCE = /^(node:)?(buffer|events|process)$/;

// deno-lint-ignore no-unused-vars -- by what follows
function requireWhenNeeded(name) {
  return LOADED_AT_ONCE.test(name) ? builtIn(name) : new Later(name).proxy;
}

function builtIn(name) {
  const module = globalThis.process.getBuiltinModule(name);
  if (module !== undefined) return module;
  // libraries try whether there is a faster one
  throw Object.assign(new Error(`Cannot find module '${name}'`), { code: "MODULE_NOT_FOUND" });
}

class Later {
  /** Of a function, since a module can be one (`stream`); a bound one has no properties that could not be hidden. */
  proxy = new Proxy(function () {}.bind(), this);
  #name;
  #loaded;

  constructor(name) {
    this.#name = name;
  }

  get #module() {
    return this.#loaded ??= builtIn(this.#name);
  }

  get(_, key) {
    return this.#module[key];
  }

  set(_, key, value) {
    return Reflect.set(this.#module, key, value);
  }

  has(_, key) {
    return key in this.#module;
  }

  apply(_, self, args) {
    return Reflect.apply(this.#module, self, args);
  }

  construct(_, args, made) {
    return Reflect.construct(this.#module, args, made === this.proxy ? this.#module : made);
  }

  getOwnPropertyDescriptor(_, key) {
    const found = Reflect.getOwnPropertyDescriptor(this.#module, key);
    // one that cannot be changed would have to be the proxy's own
    return found && { ...found, configurable: true };
  }

  /**
   * For what bundles make of a module that is imported as a whole: its own keys are copied, which would load it, and its
   * prototype's are inherited. Those who copy in another way ask for `__esModule` first.
   */
  ownKeys() {
    return this.#loaded === undefined ? [] : Reflect.ownKeys(this.#loaded);
  }

  getPrototypeOf() {
    return this.proxy;
  }
}
