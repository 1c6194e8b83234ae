// What the style sheets must keep to. The build ships a sheet that does not parse without a word, so this check
// is where it is found.

/** Values that only tokens.css may hold: everywhere else a token's name stands in their place. */
const rawColors = {
  "color-named": "never",
  "color-no-hex": true,
  "function-disallowed-list": ["rgb", "rgba", "hsl", "hsla", "hwb", "lab", "lch", "oklab", "oklch"],
};

export default {
  extends: ["stylelint-config-recommended"],
  rules: {
    // Layers decide what wins.
    "declaration-no-important": true,
    "selector-max-id": 0,
    // Parts of one block often stand together by state, not by weight.
    "no-descending-specificity": null,
    // `transition: all` animates what nobody meant.
    "declaration-property-value-disallowed-list": { "/^transition/": ["/\\ball\\b/"] },
  },
  overrides: [
    {
      files: ["../style/**/*.css"],
      rules: rawColors,
    },
    {
      files: ["../style/tokens.css"],
      rules: {
        ...Object.fromEntries(Object.keys(rawColors).map((rule) => [rule, null])),
        // Raw values first, then their roles.
        "no-duplicate-selectors": null,
      },
    },
  ],
};
