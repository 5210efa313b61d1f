// SPDX-License-Identifier: MIT
// Date: constructor, getters, setters and texts.
#include <chrono>
#include <cmath>
#include <ctime>

#include <fmt/format.h>

#include "date.h"
#include "install.h"
#include "support.h"

namespace heaplab::interp::builtins {

namespace {

double now_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::floor(std::chrono::duration<double, std::milli>(now).count());
}

JSDate* this_date(Runtime& runtime, const Arguments& args) {
  auto* date = as_if<JSDate>(args.this_value(), HeapType::Date);
  if (date == nullptr) throw_type_error(runtime, "this is not a Date object.");
  return date;
}

double local_of(double utc) { return utc + local_offset(utc); }

// The fields that the constructor and Date.UTC take.
double time_from_arguments(Runtime& runtime, const Arguments& args) {
  DateFields f;
  double* const parts[] = {&f.year,   &f.month,  &f.day,        &f.hour,
                           &f.minute, &f.second, &f.millisecond};
  for (std::uint32_t i = 0; i < 7 && i < args.count(); ++i) {
    *parts[i] = to_number(runtime, args[i]);
  }
  const double year = std::trunc(f.year);
  if (year >= 0 && year <= 99) f.year = 1900 + year;
  return time_of(f);
}

double time_from_value(Runtime& runtime, Value value_arg) {
  if (const auto* date = as_if<JSDate>(value_arg, HeapType::Date)) return date->time_;
  RootedValue value(runtime, to_primitive(runtime, value_arg));
  if (value.get().is_string()) return parse_date(to_utf8(value.get().as_string()));
  return clip_time(to_number(runtime, value));
}

std::string full_text(double time) {
  if (std::isnan(time)) return "Invalid Date";
  const DateFields f = fields_of(local_of(time));
  return fmt::format("{} {} {} ({})", date_part(f, weekday_of(local_of(time))), time_part(f),
                     offset_part(local_offset(time)), zone_name(time));
}

Value date_constructor(Runtime& runtime, Arguments& args) {
  if (!args.is_construct()) return text_value(runtime, full_text(now_ms()));
  double time = 0;
  if (args.count() == 0) {
    time = now_ms();
  } else if (args.count() == 1) {
    time = time_from_value(runtime, args[0]);
  } else {
    time = clip_time(utc_of_local(time_from_arguments(runtime, args)));
  }
  JSObject* prototype = prototype_for_construct(runtime, args.new_target(),
                                                runtime.intrinsic(Intrinsic::DatePrototype));
  auto* date = new_exotic<JSDate>(runtime, HeapType::Date, prototype);
  date->time_ = time;
  return date;
}

Value date_now(Runtime&, Arguments&) { return Value::number(now_ms()); }
Value date_parse(Runtime& runtime, Arguments& args) {
  return Value::number(parse_date(to_text(runtime, args[0])));
}
Value date_utc(Runtime& runtime, Arguments& args) {
  if (args.count() == 0) return Value::number(std::nan(""));
  return Value::number(clip_time(time_from_arguments(runtime, args)));
}

// ---- Getters and setters. A field is a member of DateFields.

using Field = double DateFields::*;

template <Field field, bool local>
Value get_field(Runtime& runtime, Arguments& args) {
  const double time = this_date(runtime, args)->time_;
  if (std::isnan(time)) return Value::number(time);
  return Value::number(fields_of(local ? local_of(time) : time).*field);
}

template <bool local>
Value get_weekday(Runtime& runtime, Arguments& args) {
  const double time = this_date(runtime, args)->time_;
  if (std::isnan(time)) return Value::number(time);
  return Value::integer(weekday_of(local ? local_of(time) : time));
}

Value get_time(Runtime& runtime, Arguments& args) {
  return Value::number(this_date(runtime, args)->time_);
}
Value get_year(Runtime& runtime, Arguments& args) {
  const double time = this_date(runtime, args)->time_;
  if (std::isnan(time)) return Value::number(time);
  return Value::number(fields_of(local_of(time)).year - 1900);
}
Value get_timezone_offset(Runtime& runtime, Arguments& args) {
  const double time = this_date(runtime, args)->time_;
  return Value::number(std::isnan(time) ? time : 0.0 - local_offset(time) / 60'000);
}

constexpr Field all_fields[] = {&DateFields::year,       &DateFields::month,  &DateFields::day,
                                &DateFields::hour,       &DateFields::minute, &DateFields::second,
                                &DateFields::millisecond};

// Sets fields first, first+1, … (at most `most`) from the arguments.
template <int first, int most, bool local>
Value set_fields(Runtime& runtime, Arguments& args) {
  const double time = this_date(runtime, args)->time_;
  const bool revives = first == 0;  // setFullYear makes an invalid date valid
  DateFields fields;
  if (!std::isnan(time)) {
    fields = fields_of(local ? local_of(time) : time);
  } else if (revives) {
    fields = fields_of(0);
  }
  for (int i = 0; i < most; ++i) {
    const auto which = static_cast<std::uint32_t>(i);
    if (i > 0 && !args.has(which)) break;
    fields.*all_fields[first + i] = to_number(runtime, args[which]);
  }
  double result = std::isnan(time) && !revives ? time : time_of(fields);
  if (local) result = utc_of_local(result);
  this_date(runtime, args)->time_ = clip_time(result);
  return Value::number(this_date(runtime, args)->time_);
}

Value set_time(Runtime& runtime, Arguments& args) {
  this_date(runtime, args);
  const double time = clip_time(to_number(runtime, args[0]));
  this_date(runtime, args)->time_ = time;
  return Value::number(time);
}

// ---- Texts

Value to_string_method(Runtime& runtime, Arguments& args) {
  return text_value(runtime, full_text(this_date(runtime, args)->time_));
}

Value to_iso_string(Runtime& runtime, Arguments& args) {
  const double time = this_date(runtime, args)->time_;
  if (std::isnan(time)) throw_range_error(runtime, "Invalid time value");
  return text_value(runtime, iso_text(time));
}

Value to_json(Runtime& runtime, Arguments& args) {
  RootedValue object(runtime, Value(to_object(runtime, args.this_value())));
  const Value number = to_primitive(runtime, object, Hint::number);
  if (number.is_number() && !std::isfinite(number.as_number())) return Value::null();
  const Value method = get_property(runtime, object, "toISOString");
  return call(runtime, method, object);
}

Value to_date_string(Runtime& runtime, Arguments& args) {
  const double time = this_date(runtime, args)->time_;
  if (std::isnan(time)) return text_value(runtime, "Invalid Date");
  const double local = local_of(time);
  return text_value(runtime, date_part(fields_of(local), weekday_of(local)));
}

Value to_time_string(Runtime& runtime, Arguments& args) {
  const double time = this_date(runtime, args)->time_;
  if (std::isnan(time)) return text_value(runtime, "Invalid Date");
  return text_value(runtime, fmt::format("{} {} ({})", time_part(fields_of(local_of(time))),
                                         offset_part(local_offset(time)), zone_name(time)));
}

Value to_utc_string(Runtime& runtime, Arguments& args) {
  const double time = this_date(runtime, args)->time_;
  if (std::isnan(time)) return text_value(runtime, "Invalid Date");
  const DateFields f = fields_of(time);
  return text_value(runtime,
                    fmt::format("{}, {:02} {} {:04} {} GMT", weekday_names[weekday_of(time)],
                                static_cast<int>(f.day), month_names[static_cast<int>(f.month)],
                                static_cast<long>(f.year), time_part(f)));
}

void refuse_locale(Runtime& runtime, const Arguments& args) {
  const bool known =
      args[0].is_undefined() || (args[0].is_string() && equals_ascii(args[0].as_string(), "en-US"));
  if (!known || !args[1].is_undefined()) {
    throw_type_error(runtime,
                     "Date: locales other than en-US and formatting options are not supported by "
                     "heaplab run");
  }
}

template <bool date, bool time_of_day>
Value to_locale_string(Runtime& runtime, Arguments& args) {
  const double time = this_date(runtime, args)->time_;
  refuse_locale(runtime, args);
  if (std::isnan(time)) return text_value(runtime, "Invalid Date");
  const DateFields f = fields_of(local_of(time));
  std::string text;
  if (date) {
    text = fmt::format("{}/{}/{}", static_cast<int>(f.month) + 1, static_cast<int>(f.day),
                       static_cast<long>(f.year));
  }
  if (date && time_of_day) text += ", ";
  if (time_of_day) {
    const int hour = static_cast<int>(f.hour);
    text += fmt::format("{}:{:02}:{:02} {}", hour % 12 == 0 ? 12 : hour % 12,
                        static_cast<int>(f.minute), static_cast<int>(f.second),
                        hour < 12 ? "AM" : "PM");
  }
  return text_value(runtime, text);
}

Value date_to_primitive(Runtime& runtime, Arguments& args) {
  if (!args.this_value().is_object()) {
    throw_incompatible(runtime, "Date.prototype [ @@toPrimitive ]", args.this_value());
  }
  const std::string hint = args[0].is_string() ? to_utf8(args[0].as_string()) : "";
  if (hint != "string" && hint != "default" && hint != "number") {
    throw_type_error(runtime, "Invalid hint: " + describe_for_error(runtime, args[0]));
  }
  const bool number_first = hint == "number";
  for (const bool first : {true, false}) {
    const char* name = number_first == first ? "valueOf" : "toString";
    const Value method = get_property(runtime, args.this_value(), name);
    if (!method.is_callable()) continue;
    const Value result = call(runtime, method, args.this_value());
    if (!result.is_object()) return result;
  }
  throw_type_error(runtime, "Cannot convert object to primitive value");
}

const NativeInfo constructor_info{"Date", 7, date_constructor, true};
const NativeInfo statics[] = {{"now", 0, date_now}, {"parse", 1, date_parse}, {"UTC", 7, date_utc}};
#define GETTERS(name, field)                                \
  {"get" #name, 0, get_field<&DateFields::field, true>}, {  \
    "getUTC" #name, 0, get_field<&DateFields::field, false> \
  }
#define SETTERS(name, first, most)                       \
  {"set" #name, most, set_fields<first, most, true>}, {  \
    "setUTC" #name, most, set_fields<first, most, false> \
  }
const NativeInfo methods[] = {
    GETTERS(FullYear, year),
    GETTERS(Month, month),
    GETTERS(Date, day),
    GETTERS(Hours, hour),
    GETTERS(Minutes, minute),
    GETTERS(Seconds, second),
    GETTERS(Milliseconds, millisecond),
    {"getDay", 0, get_weekday<true>},
    {"getUTCDay", 0, get_weekday<false>},
    {"getTime", 0, get_time},
    {"valueOf", 0, get_time},
    {"getYear", 0, get_year},
    {"getTimezoneOffset", 0, get_timezone_offset},
    SETTERS(FullYear, 0, 3),
    SETTERS(Month, 1, 2),
    SETTERS(Date, 2, 1),
    SETTERS(Hours, 3, 4),
    SETTERS(Minutes, 4, 3),
    SETTERS(Seconds, 5, 2),
    SETTERS(Milliseconds, 6, 1),
    {"setTime", 1, set_time},
    {"toString", 0, to_string_method},
    {"toISOString", 0, to_iso_string},
    {"toJSON", 1, to_json},
    {"toDateString", 0, to_date_string},
    {"toTimeString", 0, to_time_string},
    {"toUTCString", 0, to_utc_string},
    {"toGMTString", 0, to_utc_string},
    {"toLocaleString", 0, to_locale_string<true, true>},
    {"toLocaleDateString", 0, to_locale_string<true, false>},
    {"toLocaleTimeString", 0, to_locale_string<false, true>},
};
#undef GETTERS
#undef SETTERS
const NativeInfo to_primitive_info{"[Symbol.toPrimitive]", 1, date_to_primitive};

}  // namespace

void install_date(Runtime& runtime) {
  tzset();
  const auto prototype = [&] { return runtime.intrinsic(Intrinsic::DatePrototype); };
  Rooted<JSObject> constructor(runtime, define_class(runtime, constructor_info, prototype()));
  define_methods(runtime, constructor.get(), statics);
  define_methods(runtime, prototype(), methods);
  RootedValue convert(runtime, Value(new_native_function(runtime, to_primitive_info)));
  define(runtime, prototype(), PropertyKey(runtime.atoms().symbol_to_primitive), convert,
         kConfigurable);
}

}  // namespace heaplab::interp::builtins
