// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "heaplab/interp/object.h"

namespace heaplab::interp::builtins {

class JSDate : public JSObject {
 public:
  double time_ = 0;  ///< milliseconds since 1970 in UTC, or NaN
};

/// A moment in calendar terms, of UTC or of the local time zone.
struct DateFields {
  double year = 1970;
  double month = 0;  ///< from 0; may be out of range until made into a time
  double day = 1;
  double hour = 0;
  double minute = 0;
  double second = 0;
  double millisecond = 0;
};

/// \name Pure functions of time values (milliseconds, or NaN)
/// @{
DateFields fields_of(double time);         ///< \pre finite
double time_of(const DateFields& fields);  ///< any values: months and days carry over
double clip_time(double time);             ///< NaN beyond ±8.64e15, no fractions
int weekday_of(double time);               ///< 0: Sunday
double local_offset(double utc_time);      ///< milliseconds east of UTC
double utc_of_local(double local_time);
std::string zone_name(double utc_time);  ///< "Coordinated Universal Time", "CET"
std::string iso_text(double time);       ///< "1970-01-01T00:00:00.000Z"
std::string date_part(const DateFields& fields, int weekday);  ///< "Thu Jan 01 1970"
std::string time_part(const DateFields& fields);               ///< "00:00:00"
std::string offset_part(double offset);                        ///< "GMT+0000"
extern const char* const month_names[12];
extern const char* const weekday_names[7];
/// Date.parse: ISO 8601 as the standard wants it, and the common forms V8 knows. NaN if neither.
double parse_date(std::string_view text);
/// @}

}  // namespace heaplab::interp::builtins
