import assert from "node:assert/strict";
import { parseGroup, parsePasswd, readUsers, UserFiles } from "../../metadata/users.ts";

Deno.test("parsePasswd() reads users and skips what is none", () => {
  assert.deepEqual(
    parsePasswd(
      "root:x:0:0:root:/root:/bin/bash\n# comment:x:1:1:::\n+nis:x:2:2:::\nbroken:x:abc:0:::\nshort:x:7\n" +
        "nobody:x:65534:65534:nobody:/nonexistent:\nbig:x:4294967296:0:::\n\n",
    ),
    [
      { uid: 0, gid: 0, name: "root", home: "/root", shell: "/bin/bash" },
      { uid: 65534, gid: 65534, name: "nobody", home: "/nonexistent", shell: "" },
    ],
  );
});

Deno.test("parseGroup() reads groups", () => {
  assert.deepEqual(parseGroup("root:x:0:\nadm:x:4:alice,bob\nbad\n"), [
    { gid: 0, name: "root" },
    { gid: 4, name: "adm" },
  ]);
});

Deno.test("readUsers() gives empty lists for a host without these files", () => {
  assert.deepEqual(readUsers("/nonexistent"), { users: [], groups: [] });
});

Deno.test("UserFiles.refresh() notices a file that was replaced", () => {
  const root = Deno.makeTempDirSync();
  try {
    Deno.mkdirSync(`${root}/etc`);
    Deno.writeTextFileSync(`${root}/etc/passwd`, "a:x:1:1::/:/bin/sh\n");
    const files = new UserFiles(root);
    assert.equal(files.refresh(), undefined);
    Deno.writeTextFileSync(`${root}/etc/passwd.new`, "b:x:1:1::/:/bin/sh\n");
    Deno.renameSync(`${root}/etc/passwd.new`, `${root}/etc/passwd`);
    assert.equal(files.refresh()?.users[0]?.name, "b");
    assert.equal(files.refresh(), undefined);
    assert.equal(files.list.users[0]?.name, "b");
  } finally {
    Deno.removeSync(root, { recursive: true });
  }
});
