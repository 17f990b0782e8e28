"""How far people, and judges, agree: coefficients with their intervals, and None where one is not defined."""
