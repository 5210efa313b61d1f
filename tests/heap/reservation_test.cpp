// SPDX-License-Identifier: MIT
#include "heaplab/heap/reservation.h"

#include <gtest/gtest.h>

#include <memory>
#include <system_error>
#include <vector>

#include "heaplab/heap/block.h"
#include "heaplab/heap/options.h"
#include "resident.h"

namespace heaplab {
namespace {

using test::resident_bytes;

TEST(Reservation, LiesInTheCageAlignedToABlock) {
  Reservation reservation;
  reservation.reserve_in_cage(4 * block_bytes);
  EXPECT_GE(reservation.base(), cage_base + 4 * GiB);
  EXPECT_LE(reservation.base() + reservation.bytes(), cage_base + cage_bytes);
  EXPECT_EQ(reservation.base() % block_bytes, 0u);
  EXPECT_EQ(reservation.bytes(), 4 * block_bytes);
}

TEST(Reservation, SeveralDoNotOverlap) {
  std::vector<std::unique_ptr<Reservation>> all;
  for (int i = 0; i < 8; ++i) {
    all.push_back(std::make_unique<Reservation>());
    all.back()->reserve_in_cage(100 * MiB);
    for (int k = 0; k < i; ++k) {
      const std::uintptr_t a = all[static_cast<std::size_t>(k)]->base();
      const std::uintptr_t b = all.back()->base();
      EXPECT_GE(a < b ? b - a : a - b, 100 * MiB);
    }
  }
}

TEST(Reservation, TakesNoMemoryUntilTouchedAndReadsAsZero) {
  Reservation reservation;
  reservation.reserve_in_cage(64 * MiB);
  auto* start = reinterpret_cast<unsigned char*>(reservation.base());
  EXPECT_EQ(resident_bytes(start, 64 * MiB), 0u);
  for (std::size_t i = 0; i < os_page_bytes; ++i) ASSERT_EQ(start[i], 0);
  start[MiB] = 1;
  EXPECT_GE(resident_bytes(start + MiB, os_page_bytes), os_page_bytes);
}

TEST(Reservation, ReleasedMemoryIsGivenBackAndReadsAsZero) {
  Reservation reservation;
  reservation.reserve_in_cage(MiB);
  auto* start = reinterpret_cast<unsigned char*>(reservation.base());
  for (std::size_t i = 0; i < MiB; ++i) start[i] = 0xff;
  EXPECT_EQ(resident_bytes(start, MiB), MiB);
  Reservation::release(start, MiB);
  EXPECT_EQ(resident_bytes(start, MiB), 0u);
  EXPECT_EQ(start[0], 0);
  EXPECT_EQ(start[MiB - 1], 0);
}

TEST(Reservation, PopulatingKeepsWhatIsThereAndTheRestIsZero) {
  Reservation reservation;
  reservation.reserve_in_cage(MiB);
  auto* start = reinterpret_cast<unsigned char*>(reservation.base());
  start[5] = 7;
  Reservation::populate(start, MiB / 2);
  EXPECT_EQ(start[5], 7);
  start[5] = 0;
  for (std::size_t i = 0; i < MiB; ++i) ASSERT_EQ(start[i], 0);
}

TEST(Reservation, ReleasingNothingIsFine) { Reservation::release(nullptr, 0); }

TEST(Reservation, AddressSpaceIsReusedAfterDestruction) {
  std::uintptr_t first = 0;
  for (int i = 0; i < 20; ++i) {
    Reservation reservation;
    reservation.reserve_in_cage(16 * GiB);  // two do not fit
    if (i == 0) first = reservation.base();
    EXPECT_EQ(reservation.base(), first);
  }
}

TEST(Reservation, TooMuchIsASystemError) {
  Reservation reservation;
  EXPECT_THROW(reservation.reserve_in_cage(cage_bytes), std::system_error);
  EXPECT_EQ(reservation.bytes(), 0u);
  reservation.reserve_in_cage(MiB);  // still usable
  EXPECT_EQ(reservation.bytes(), MiB);
}

}  // namespace
}  // namespace heaplab
