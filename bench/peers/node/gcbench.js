// SPDX-License-Identifier: MIT
// GCBench (Ellis, Kovac, Boehm).
'use strict';

const minDepth = 4;

class TreeNode {
  constructor(left, right) {
    this.left = left;
    this.right = right;
    this.i = 0;
    this.j = 0;
  }
}

function populate(depth, node) {
  if (depth <= 0) return;
  node.left = new TreeNode(null, null);
  node.right = new TreeNode(null, null);
  populate(depth - 1, node.left);
  populate(depth - 1, node.right);
}

function populated(depth) {
  const root = new TreeNode(null, null);
  populate(depth, root);
  return root;
}

function makeTree(depth) {
  return depth <= 0
    ? new TreeNode(null, null)
    : new TreeNode(makeTree(depth - 1), makeTree(depth - 1));
}

const treeSize = (depth) => 2 ** (depth + 1) - 1;

function spine(node) {
  let length = 0;
  for (; node !== null; node = node.left) length++;
  return length;
}

function count(node) {
  return node === null ? 0 : 1 + count(node.left) + count(node.right);
}

function buildAndDrop(build, depth, trees) {
  let sum = 0;
  for (let i = 0; i < trees; i++) sum += spine(build(depth));
  return sum;
}

const stretchDepth = Math.max(minDepth + 2, Number(process.argv[2] ?? 18));
const arrayLength = Number(process.argv[3] ?? 500_000);
const maxDepth = stretchDepth - 2;

let checksum = buildAndDrop(makeTree, stretchDepth, 1);

const longLived = populated(maxDepth);
const array = new Float64Array(arrayLength);
for (let i = 1; i < Math.floor(arrayLength / 2); i++) array[i] = 1 / i;

for (let depth = minDepth; depth <= maxDepth; depth += 2) {
  const trees = Math.floor((2 * treeSize(stretchDepth)) / treeSize(depth));
  checksum += buildAndDrop(populated, depth, trees);
  checksum += buildAndDrop(makeTree, depth, trees);
}

let sum = 0;
for (const element of array) sum += element;
checksum += count(longLived) + Math.floor(sum * 1e6);
console.log(`checksum ${checksum}`);
