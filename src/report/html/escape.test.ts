import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cut, escapeJson, escapeText, joined, markup, seen, trusted, visible } from "./escape.ts";

test("text cannot end an element or an attribute", () => {
  const text = `<script>alert(1)</script>"><img src=x onerror='alert(2)'>&amp;`;
  assert.equal(
    markup`<p title="${text}">${text}</p>`
      .toString()
      .match(/[<>"']/g)
      ?.join(""),
    `<""><>`,
  );
  assert.equal(escapeText(`<&>"'`), "&lt;&amp;&gt;&quot;&#39;");
});

test("whatever the text, the only markup is the template's", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const inner = escapeText(text);
      assert.doesNotMatch(inner, /[<>"']/);
      assert.doesNotMatch(inner.replace(/&(?:amp|lt|gt|quot|#39);/g, ""), /&/);
    }),
  );
});

test("finished markup is not escaped again, and lists are taken one by one", () => {
  const inner = markup`<b>${"<"}</b>`;
  assert.equal(
    markup`${inner}${[inner, "&", 3]}${null}${undefined}${false}`.toString(),
    "<b>&lt;</b><b>&lt;</b>&amp;3",
  );
  assert.equal(markup`${joined(["a", "b"], trusted("<br>"))}`.toString(), "a<br>b");
});

test("characters that reorder or hide text show by their code", () => {
  // U+202E is RIGHT-TO-LEFT OVERRIDE: without it shown, "gpj.exe" reads as "exe.jpg".
  assert.equal(visible("a\u202egpj.exe"), "a⟨U+202E⟩gpj.exe");
  assert.equal(visible("a\u0000b\u200bc\ufeffd\u{e0041}"), "a⟨U+0000⟩b⟨U+200B⟩c⟨U+FEFF⟩d⟨U+E0041⟩");
  assert.equal(visible("\ud800"), "⟨U+D800⟩");
  assert.equal(visible("你好 😀 é"), "你好 😀 é");
});

test("long text is cut, and says how long it is", () => {
  assert.equal(cut("abc", 3), "abc");
  assert.equal(cut("x".repeat(65_536), 2), "xx… (65,536 characters)");
  assert.ok(seen("x".repeat(65_536)).toString().length < 300);
});

test("a data block holds no character that could end it, and reads back the same", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const block = escapeJson({ text }).toString();
      assert.doesNotMatch(block, /[<>&\u2028\u2029]/);
      assert.deepEqual(JSON.parse(block), { text });
    }),
  );
});
