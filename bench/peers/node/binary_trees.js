// SPDX-License-Identifier: MIT
// binary-trees (Benchmarks Game).
'use strict';

const minDepth = 4;

class TreeNode {
  constructor(left, right) {
    this.left = left;
    this.right = right;
  }
}

function bottomUp(depth) {
  return depth === 0
    ? new TreeNode(null, null)
    : new TreeNode(bottomUp(depth - 1), bottomUp(depth - 1));
}

function count(node) {
  return node.left === null ? 1 : 1 + count(node.left) + count(node.right);
}

const maxDepth = Math.max(minDepth + 2, Number(process.argv[2] ?? 18));
const lines = [];

const stretch = count(bottomUp(maxDepth + 1));
lines.push(`stretch tree of depth ${maxDepth + 1}\t check: ${stretch}`);
let total = stretch;

const longLived = bottomUp(maxDepth);
for (let depth = minDepth; depth <= maxDepth; depth += 2) {
  const trees = 2 ** (maxDepth - depth + minDepth);
  let check = 0;
  for (let i = 0; i < trees; i++) check += count(bottomUp(depth));
  lines.push(`${trees}\t trees of depth ${depth}\t check: ${check}`);
  total += check;
}

const kept = count(longLived);
lines.push(`long lived tree of depth ${maxDepth}\t check: ${kept}`, `checksum ${total + kept}`);
console.log(lines.join('\n'));
