// SPDX-License-Identifier: MIT
// Date.parse.
#include <cctype>
#include <cmath>
#include <cstring>

#include "date.h"

namespace heaplab::interp::builtins {

namespace {

// Reads from the front of a text.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}
  bool done() const { return at_ >= text_.size(); }
  char peek() const { return done() ? '\0' : text_[at_]; }
  bool take(char c) {
    if (peek() != c || done()) return false;
    ++at_;
    return true;
  }
  void skip() { ++at_; }
  /// Exactly `count` digits.
  bool digits(int count, double* out) {
    if (at_ + static_cast<std::size_t>(count) > text_.size()) return false;
    double value = 0;
    for (int i = 0; i < count; ++i) {
      const char c = text_[at_ + static_cast<std::size_t>(i)];
      if (c < '0' || c > '9') return false;
      value = value * 10 + (c - '0');
    }
    at_ += static_cast<std::size_t>(count);
    *out = value;
    return true;
  }
  /// As many digits as there are; returns how many.
  int number(double* out) {
    int count = 0;
    *out = 0;
    for (; peek() >= '0' && peek() <= '9' && !done(); ++count, ++at_) {
      *out = *out * 10 + (text_[at_] - '0');
    }
    return count;
  }
  std::string word() {
    std::string letters;
    while (std::isalpha(static_cast<unsigned char>(peek()))) {
      letters += static_cast<char>(std::tolower(static_cast<unsigned char>(text_[at_++])));
    }
    return letters;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

bool iso_zone(Reader& in, double* offset_minutes) {
  if (in.take('Z')) {
    *offset_minutes = 0;
    return true;
  }
  const bool minus = in.peek() == '-';
  if (!in.take('+') && !in.take('-')) return false;
  double hours = 0;
  double minutes = 0;
  if (!in.digits(2, &hours) || !in.take(':') || !in.digits(2, &minutes)) return false;
  *offset_minutes = (minus ? -1 : 1) * (hours * 60 + minutes);
  return true;
}

// HH:mm[:ss[.sss]]
bool iso_time(Reader& in, DateFields* f) {
  if (!in.digits(2, &f->hour) || !in.take(':') || !in.digits(2, &f->minute)) return false;
  if (in.take(':')) {
    if (!in.digits(2, &f->second)) return false;
    if (in.take('.')) {
      double fraction = 0;
      const int count = in.number(&fraction);
      if (count == 0) return false;
      f->millisecond = std::floor(fraction * std::pow(10.0, 3 - count));
    }
  }
  const bool midnight = f->hour == 24 && f->minute == 0 && f->second == 0 && f->millisecond == 0;
  return (f->hour < 24 || midnight) && f->minute < 60 && f->second < 60;
}

// The format of the standard: date only is UTC, date and time without zone is local.
bool parse_iso(std::string_view text, double* out) {
  Reader in(text);
  DateFields f;
  const bool minus = in.peek() == '-';
  if (in.take('+') || in.take('-')) {
    if (!in.digits(6, &f.year) || (minus && f.year == 0)) return false;
    if (minus) f.year = -f.year;
  } else if (!in.digits(4, &f.year)) {
    return false;
  }
  double month = 1;
  if (in.take('-')) {
    if (!in.digits(2, &month)) return false;
    if (in.take('-') && !in.digits(2, &f.day)) return false;
  }
  if (month < 1 || month > 12 || f.day < 1 || f.day > 31) return false;
  f.month = month - 1;
  if (in.done()) {
    *out = time_of(f);
    return true;
  }
  if (!in.take('T') && !in.take('t') && !in.take(' ')) return false;
  if (!iso_time(in, &f)) return false;
  double offset = 0;
  if (in.done()) {
    *out = utc_of_local(time_of(f));
    return true;
  }
  if (!iso_zone(in, &offset) || !in.done()) return false;
  *out = time_of(f) - offset * 60'000;
  return true;
}

int month_of(const std::string& word) {
  for (int i = 0; i < 12; ++i) {
    if (word.size() >= 3 && strncasecmp(word.c_str(), month_names[i], 3) == 0) return i;
  }
  return -1;
}

bool is_weekday(const std::string& word) {
  for (const char* name : weekday_names) {
    if (word.size() >= 3 && strncasecmp(word.c_str(), name, 3) == 0) return true;
  }
  return false;
}

// Minutes east of UTC that a zone abbreviation means.
bool zone_minutes(const std::string& word, double* minutes) {
  static constexpr std::pair<std::string_view, int> zones[] = {
      {"utc", 0},    {"gmt", 0},    {"z", 0},      {"ut", 0},     {"est", -300}, {"edt", -240},
      {"cst", -360}, {"cdt", -300}, {"mst", -420}, {"mdt", -360}, {"pst", -480}, {"pdt", -420}};
  for (const auto& [name, offset] : zones) {
    if (name == word) {
      *minutes = offset;
      return true;
    }
  }
  return false;
}

// "Mon, 25 Dec 1995 13:30:00 GMT+0430 (…)", "Dec 25, 1995", "12/25/1995 1:30 PM", "1995/12/25".
class LooseParser {
 public:
  explicit LooseParser(std::string_view text) : in_(text) {}

  double parse() {
    while (!in_.done()) {
      if (!step()) return std::nan("");
    }
    return finish();
  }

 private:
  bool step() {
    const char c = in_.peek();
    if (std::isspace(static_cast<unsigned char>(c)) || c == ',' || c == '/') {
      in_.skip();
      return true;
    }
    if (c == '(') {
      while (!in_.done() && !in_.take(')')) in_.skip();
      return true;
    }
    if (std::isdigit(static_cast<unsigned char>(c))) return number();
    if (std::isalpha(static_cast<unsigned char>(c))) return word();
    if ((c == '+' || c == '-') && (has_time_ || has_zone_)) return offset();
    if (c == '-') {  // 25-Dec-1995
      in_.skip();
      return true;
    }
    return false;
  }

  bool number() {
    double value = 0;
    const int digits = in_.number(&value);
    if (in_.peek() == ':' && !has_time_) return time(value);
    if (count_ == 3) return false;
    numbers_[count_] = value;
    digits_[count_++] = digits;
    return true;
  }

  bool time(double hour) {
    has_time_ = true;
    fields_.hour = hour;
    in_.skip();
    if (in_.number(&fields_.minute) == 0) return false;
    if (in_.take(':')) {
      if (in_.number(&fields_.second) == 0) return false;
      double fraction = 0;
      if (in_.take('.')) {
        const int digits = in_.number(&fraction);
        fields_.millisecond = std::floor(fraction * std::pow(10.0, 3 - digits));
      }
    }
    return fields_.hour <= 24 && fields_.minute < 60 && fields_.second < 60;
  }

  bool word() {
    const std::string letters = in_.word();
    if ((letters == "am" || letters == "pm") && has_time_) {
      if (fields_.hour < 1 || fields_.hour > 12) return false;
      fields_.hour = std::fmod(fields_.hour, 12) + (letters == "pm" ? 12 : 0);
      return true;
    }
    if (const int month = month_of(letters); month >= 0) {
      month_ = month;
      in_.take('.');
      return true;
    }
    if (is_weekday(letters)) {
      in_.take('.');
      return true;
    }
    if (letters == "t" && count_ == 3) return true;
    has_zone_ = zone_minutes(letters, &zone_);
    return has_zone_;
  }

  bool offset() {
    const double sign = in_.peek() == '-' ? -1 : 1;
    in_.skip();
    double value = 0;
    const int digits = in_.number(&value);
    double minutes = 0;
    if (digits == 4) {
      minutes = std::floor(value / 100) * 60 + std::fmod(value, 100);
    } else if (digits <= 2 && digits > 0) {
      minutes = value * 60;
      double rest = 0;
      if (in_.take(':') && in_.number(&rest) > 0) minutes += rest;
    } else {
      return false;
    }
    zone_ += sign * minutes;
    has_zone_ = true;
    return true;
  }

  double full_year(int which) const {
    const double year = numbers_[which];
    if (digits_[which] > 2) return year;
    return year < 50 ? year + 2000 : year + 1900;
  }

  double finish() {
    if (month_ >= 0) {
      if (count_ == 0) return std::nan("");
      fields_.month = month_;
      const bool year_first = digits_[0] > 2;
      fields_.day = count_ == 1 ? (year_first ? 1 : numbers_[0]) : numbers_[year_first ? 1 : 0];
      fields_.year = count_ == 1 && !year_first ? 2001 : full_year(year_first ? 0 : 1);
    } else {
      if (count_ < 2) return std::nan("");
      const bool year_first = digits_[0] > 2;
      fields_.month = numbers_[year_first ? 1 : 0] - 1;
      fields_.day = year_first ? (count_ == 3 ? numbers_[2] : 1) : numbers_[1];
      fields_.year = year_first ? numbers_[0] : (count_ == 3 ? full_year(2) : 2001);
    }
    if (fields_.month < 0 || fields_.month > 11 || fields_.day < 1 || fields_.day > 31) {
      return std::nan("");
    }
    const double time = time_of(fields_);
    return has_zone_ ? time - zone_ * 60'000 : utc_of_local(time);
  }

  Reader in_;
  DateFields fields_;
  double numbers_[3] = {};
  int digits_[3] = {};
  int count_ = 0;
  int month_ = -1;
  double zone_ = 0;
  bool has_zone_ = false;
  bool has_time_ = false;
};

}  // namespace

double parse_date(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) {
    text.remove_prefix(1);
  }
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) {
    text.remove_suffix(1);
  }
  double time = 0;
  if (parse_iso(text, &time)) return clip_time(time);
  return clip_time(LooseParser(text).parse());
}

}  // namespace heaplab::interp::builtins
