import assert from "node:assert/strict";
import { test } from "node:test";
import { composeFollowUp, NOTICE_LANGUAGES } from "../../src/index.ts";

test("a second letter says what it is about in each language, and repeats the notice", () => {
  const seen = new Set<string>();
  for (const language of NOTICE_LANGUAGES) {
    for (const reason of ["over", "refused", "partly"] as const) {
      const { subject, body } = composeFollowUp({
        reason,
        language,
        recipient: "pictures.example.net",
        sentOn: "1 November",
        subject: "Notice {recipient}",
        body: "First line\nSecond {subject} line",
      });
      // What stands in the notice is not taken for a place to fill in.
      assert.ok(subject.endsWith("Notice {recipient}"), subject);
      assert.ok(body.endsWith("----\n\nFirst line\nSecond {subject} line"));
      assert.match(body, /pictures\.example\.net[\s\S]*1 November/u);
      seen.add(body);
    }
  }
  assert.equal(seen.size, NOTICE_LANGUAGES.length * 3);
});
