// SPDX-License-Identifier: MIT
// Calendar arithmetic, the local time zone (from the C library), and the texts of dates.
#include <cmath>
#include <ctime>

#include <fmt/format.h>

#include "date.h"

namespace heaplab::interp::builtins {

const char* const month_names[12] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
const char* const weekday_names[7] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

namespace {

constexpr double ms_per_day = 86'400'000;

double positive_mod(double a, double b) {
  const double r = std::fmod(a, b);
  return r < 0 ? r + b : r;
}

// Days since 1970 of a date in the proleptic Gregorian calendar. \pre month 0..11
double days_of(double year, double month) {
  const double y = month < 2 ? year - 1 : year;  // years begin in March
  const double era = std::floor(y / 400);
  const double year_of_era = y - era * 400;
  const double shifted = positive_mod(month + 10, 12);
  const double day_of_year = std::floor((153 * shifted + 2) / 5);
  const double day_of_era =
      year_of_era * 365 + std::floor(year_of_era / 4) - std::floor(year_of_era / 100) + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

}  // namespace

DateFields fields_of(double time) {
  const double day = std::floor(time / ms_per_day);
  double rest = time - day * ms_per_day;
  DateFields fields;
  fields.hour = std::floor(rest / 3'600'000);
  rest -= fields.hour * 3'600'000;
  fields.minute = std::floor(rest / 60'000);
  rest -= fields.minute * 60'000;
  fields.second = std::floor(rest / 1000);
  fields.millisecond = rest - fields.second * 1000;
  const double z = day + 719468;
  const double era = std::floor(z / 146097);
  const double day_of_era = z - era * 146097;
  const double year_of_era =
      std::floor((day_of_era - std::floor(day_of_era / 1460) + std::floor(day_of_era / 36524) -
                  std::floor(day_of_era / 146096)) /
                 365);
  const double day_of_year = day_of_era - (365 * year_of_era + std::floor(year_of_era / 4) -
                                           std::floor(year_of_era / 100));
  const double shifted = std::floor((5 * day_of_year + 2) / 153);
  fields.day = day_of_year - std::floor((153 * shifted + 2) / 5) + 1;
  fields.month = shifted < 10 ? shifted + 2 : shifted - 10;
  fields.year = year_of_era + era * 400 + (fields.month < 2 ? 1 : 0);
  return fields;
}

double time_of(const DateFields& f) {
  if (!std::isfinite(f.year + f.month + f.day + f.hour + f.minute + f.second + f.millisecond)) {
    return std::nan("");
  }
  const double year = std::trunc(f.year) + std::floor(std::trunc(f.month) / 12);
  if (std::abs(year) > 400'000) return std::nan("");
  const double days = days_of(year, positive_mod(std::trunc(f.month), 12)) + std::trunc(f.day) - 1;
  return days * ms_per_day + std::trunc(f.hour) * 3'600'000 + std::trunc(f.minute) * 60'000 +
         std::trunc(f.second) * 1000 + std::trunc(f.millisecond);
}

double clip_time(double time) {
  if (!(std::abs(time) <= 8.64e15)) return std::nan("");
  return std::trunc(time) + 0.0;  // no -0
}

int weekday_of(double time) {
  return static_cast<int>(positive_mod(std::floor(time / ms_per_day) + 4, 7));
}

double local_offset(double utc_time) {
  const auto seconds = static_cast<std::time_t>(std::floor(utc_time / 1000));
  std::tm local{};
  if (localtime_r(&seconds, &local) == nullptr) return 0;
  return static_cast<double>(local.tm_gmtoff) * 1000;
}

double utc_of_local(double local_time) {
  if (!std::isfinite(local_time)) return local_time;
  // The offset is a function of UTC: two steps reach it except inside a gap, where the offset
  // before the change counts.
  const double before = local_offset(local_time - ms_per_day);
  const double guess = local_time - before;
  if (local_offset(guess) == before) return guess;
  const double second = local_time - local_offset(guess);
  return local_offset(second) == local_offset(guess) ? second : guess;
}

std::string zone_name(double utc_time) {
  const auto seconds = static_cast<std::time_t>(std::floor(utc_time / 1000));
  std::tm local{};
  if (localtime_r(&seconds, &local) == nullptr || local.tm_zone == nullptr) return "UTC";
  const std::string name = local.tm_zone;
  static constexpr std::pair<std::string_view, const char*> long_names[] = {
      {"UTC", "Coordinated Universal Time"},
      {"GMT", "Greenwich Mean Time"},
      {"CET", "Central European Standard Time"},
      {"CEST", "Central European Summer Time"},
      {"EET", "Eastern European Standard Time"},
      {"EEST", "Eastern European Summer Time"},
      {"EST", "Eastern Standard Time"},
      {"EDT", "Eastern Daylight Time"},
      {"CDT", "Central Daylight Time"},
      {"MST", "Mountain Standard Time"},
      {"MDT", "Mountain Daylight Time"},
      {"PST", "Pacific Standard Time"},
      {"PDT", "Pacific Daylight Time"},
      {"JST", "Japan Standard Time"},
      {"BST", "British Summer Time"},
  };
  for (const auto& [abbreviation, text] : long_names) {
    if (abbreviation == name) return text;
  }
  return name;
}

std::string iso_text(double time) {
  const DateFields f = fields_of(time);
  const auto year = static_cast<long>(f.year);
  const std::string year_text = year >= 0 && year <= 9999
                                    ? fmt::format("{:04}", year)
                                    : fmt::format("{}{:06}", year < 0 ? '-' : '+', std::labs(year));
  return fmt::format("{}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", year_text,
                     static_cast<int>(f.month) + 1, static_cast<int>(f.day),
                     static_cast<int>(f.hour), static_cast<int>(f.minute),
                     static_cast<int>(f.second), static_cast<int>(f.millisecond));
}

std::string date_part(const DateFields& f, int weekday) {
  const auto year = static_cast<long>(f.year);
  const std::string year_text =
      year < 0 ? fmt::format("-{:06}", -year) : fmt::format("{:04}", year);
  return fmt::format("{} {} {:02} {}", weekday_names[weekday],
                     month_names[static_cast<int>(f.month)], static_cast<int>(f.day), year_text);
}

std::string time_part(const DateFields& f) {
  return fmt::format("{:02}:{:02}:{:02}", static_cast<int>(f.hour), static_cast<int>(f.minute),
                     static_cast<int>(f.second));
}

std::string offset_part(double offset) {
  const int minutes = static_cast<int>(std::abs(offset) / 60'000);
  return fmt::format("GMT{}{:02}{:02}", offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

}  // namespace heaplab::interp::builtins
