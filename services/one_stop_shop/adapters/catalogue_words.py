"""What is wrong with a data file, in words for the person who edits it."""

from collections.abc import Mapping
from typing import Any

SENTENCES: Mapping[str, str] = {
    "agency_code_malformed": "“{text}” is not an agency identifier such as H13.30.01 or 000.00.06.H56",
    "also_a_day_off": "this day is listed as a day off too",
    "case_unknown": "“{case}” is none of the cases: {known}",
    "choices_do_not_fit_kind": "choices belong to questions of kind “choice”, and each of those needs some",
    "day_malformed": "“{text}” is not a day such as 2026-11-24",
    "duplicate": "“{key}” stands here twice",
    "duration_malformed": "“{text}” is not a time such as “8 working hours”, “5 working days”, “25 days”, “2 months”"
    " or “same day until 15:00”",
    "ground_missing": "an amount of 0 on a condition needs the ground of the exemption, it is printed",
    "hours_malformed": "“{text}” are not hours such as “07:00-11:30, 13:30-17:00”",
    "hours_not_in_order": "the hours “{text}” must follow each other without overlap",
    "last_amount_conditional": "the last line must hold always: no when, ground, valid_from or valid_to",
    "no_child": "“{key}” is none of the procedures in “children”",
    "not_eight_hours": "a working day has 8 hours, this one has {minutes} minutes; other hours go under “reception”",
    "not_ordered": "“at_least” works for numbers and days, “{field}” is neither",
    "only_for_days": "“not_after_today” and “in_time” belong to questions of kind “date”",
    "only_per_page": "“then” and “at_most” belong to amounts per page",
    "other_year": "this day is not in {year}",
    "own_child": "a bundle cannot contain itself",
    "part_without_case": "{key} has several cases and no day that is asked for here decides; name one under “parts”",
    "period_reversed": "the last day comes before the first",
    "procedure_code_malformed": "“{text}” is not a procedure code such as 1.001193",
    "required": "something is needed here",
    "reserved": "“{key}” is a name that every procedure has, choose another",
    "result_code_malformed": "“{text}” is not a result code such as KQ.G15.000001",
    "rule_malformed": "a rule is {{field: …, equals | in | at_least | present: …}} or one of all, any, not",
    "times_do_not_add_up": "the steps take {steps}, the law gives {statutory}",
    "unknown_agency": "no agency has the code “{key}”",
    "unknown_choice": "“{field}” cannot have this value",
    "unknown_field": "there is no question “{field}”",
    "unknown_life_event": "life_events.yaml does not list “{key}”",
    "unknown_procedure": "no procedure has the code “{key}”",
    "unknown_sector": "sectors.yaml does not list “{key}”",
    "unknown_timetable": "timetables.yaml does not list “{key}”",
    "weekday_unknown": "weekdays are mon, tue, wed, thu, fri, sat, sun or a range such as mon-fri",
    "wrong_file_name": "the file name must begin with the procedure's code, {key}",
    "wrong_type": "this value does not fit the kind of “{field}”",
}


def in_words(code: str, params: Mapping[str, Any]) -> str:
    """The sentence for one code with its figures."""
    return SENTENCES[code].format(**params)
