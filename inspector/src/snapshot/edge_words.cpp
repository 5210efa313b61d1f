// SPDX-License-Identifier: MIT
#if defined(__GNUC__) && !defined(__clang__)
// GCC 12's own header makes vectors of nothing: https://gcc.gnu.org/PR105593
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#include "snapshot/edge_words.h"

#include <algorithm>
#include <bit>

#include "heaplab/inspector/snapshot.h"
#include "snapshot/wide_digits.h"

namespace heaplab::inspector {

EdgeWords::EdgeWords(std::span<const EdgeKind> kinds, std::uint32_t stride, std::uint32_t nodes)
    : stride_(stride),
      nodes_(nodes),
      shift_(static_cast<unsigned>(std::countr_zero(stride))),
      inverse_(1),
      possible_(std::uint64_t{nodes} * stride <= UINT32_MAX) {
  kinds_.fill(no_kind);
  for (std::size_t type = 0; type < std::min(kinds_.size(), kinds.size()); ++type) {
    kinds_[type] = static_cast<std::uint32_t>(kinds[type]) << Snapshot::kind_shift;
  }
  // Newton's iteration, modulo 2^32, for the odd part: each step doubles the bits that are right.
  const std::uint32_t odd = stride >> shift_;
  for (int step = 0; step < 5; ++step) inverse_ *= 2 - odd * inverse_;
}

bool EdgeWords::make_narrow(const std::uint32_t* values, std::size_t count,
                            std::uint32_t* words) const {
  std::uint32_t faults = 0;
  for (std::size_t i = 0; i < count; ++i, values += 3) {
    const std::uint32_t target = (values[2] >> shift_) * inverse_;
    const std::uint32_t kind = kinds_[values[0] % 16];
    faults |= (target * stride_) ^ values[2];
    faults |= (values[0] / 16) | (values[1] >> Snapshot::kind_shift);
    faults |= static_cast<std::uint32_t>((target >= nodes_) | (kind == no_kind));
    words[i] = target | kind;
  }
  return faults == 0;
}

#if defined(HEAPLAB_VECTOR_DIGITS)

namespace {

/// Where the numbers of sixteen edges' field are in two vectors, and then in the third.
struct Fields {
  alignas(64) std::uint32_t from_two[3][16], from_third[3][16];
};
constexpr Fields make_fields() {
  Fields fields{};
  for (std::uint32_t field = 0; field < 3; ++field) {
    for (std::uint32_t i = 0; i < 16; ++i) {
      const std::uint32_t at = 3 * i + field;
      fields.from_two[field][i] = at % 32;
      fields.from_third[field][i] = at < 32 ? i : at - 16;
    }
  }
  return fields;
}
constexpr Fields fields = make_fields();

HEAPLAB_AVX512 inline __m512i field_of(const __m512i* values, unsigned field) {
  const __m512i two =
      _mm512_permutex2var_epi32(values[0], _mm512_load_si512(fields.from_two[field]), values[1]);
  return _mm512_permutex2var_epi32(two, _mm512_load_si512(fields.from_third[field]), values[2]);
}

HEAPLAB_AVX512 inline __m512i all(std::uint32_t value) {
  return _mm512_set1_epi32(static_cast<int>(value));
}

}  // namespace

HEAPLAB_AVX512 bool EdgeWords::make_wide(const std::uint32_t* values, std::size_t count,
                                         std::uint32_t* words) const {
  const __m512i kinds = _mm512_loadu_si512(kinds_.data());
  const __m128i shift = _mm_cvtsi32_si128(static_cast<int>(shift_));
  for (std::size_t i = 0; i < count; i += 16) {
    const std::uint32_t* const start = values + 3 * i;
    const __m512i numbers[3] = {_mm512_loadu_si512(start), _mm512_loadu_si512(start + 16),
                                _mm512_loadu_si512(start + 32)};
    const __m512i types = field_of(numbers, 0);
    const __m512i offsets = field_of(numbers, 2);
    const __m512i targets = _mm512_mullo_epi32(_mm512_srl_epi32(offsets, shift), all(inverse_));
    const __m512i kind = _mm512_permutexvar_epi32(types, kinds);
    const std::size_t left = count - i;
    const auto used = static_cast<__mmask16>(left >= 16 ? 0xffff : (1U << left) - 1);
    const unsigned faults =
        _mm512_cmpneq_epi32_mask(_mm512_mullo_epi32(targets, all(stride_)), offsets) |
        _mm512_cmpge_epu32_mask(targets, all(nodes_)) | _mm512_cmpge_epu32_mask(types, all(16)) |
        _mm512_cmpeq_epi32_mask(kind, all(no_kind)) |
        _mm512_cmpgt_epu32_mask(field_of(numbers, 1), all(Snapshot::target_mask));
    if ((faults & used) != 0) return false;
    _mm512_mask_storeu_epi32(words + i, used, _mm512_or_si512(targets, kind));
  }
  return true;
}

#else

bool EdgeWords::make_wide(const std::uint32_t* values, std::size_t count,
                          std::uint32_t* words) const {
  return make_narrow(values, count, words);
}

#endif

bool EdgeWords::make(const std::uint32_t* values, std::size_t count, std::uint32_t* words) const {
  if (!possible_) return false;
  return digits::level() == digits::Level::wide ? make_wide(values, count, words)
                                                : make_narrow(values, count, words);
}

}  // namespace heaplab::inspector
