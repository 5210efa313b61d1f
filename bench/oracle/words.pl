#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# A program to record: words of a made-up text are counted, and a window of sentences is kept.
use strict;
use warnings;

srand(1);
my @letters = ('a' .. 'z');
my @words = map { join '', map { $letters[rand @letters] } 1 .. 3 + rand 7 } 1 .. 3000;
my (%count, %follows, @window);
for my $sentence (1 .. 70000) {
  my @said = map { $words[rand() ** 2 * @words] } 1 .. 6 + rand 10;
  for my $i (0 .. $#said) {
    $count{$said[$i]}++;
    $follows{$said[$i]}{$said[$i + 1]}++ if $i < $#said;
  }
  push @window, { text => join(' ', @said), words => [@said] };
  shift @window if @window > 2500;
}
my @top = sort { $count{$b} <=> $count{$a} || $a cmp $b } keys %count;
print "$_ $count{$_} ", scalar(keys %{ $follows{$_} || {} }), "\n" for @top[0 .. 4];
