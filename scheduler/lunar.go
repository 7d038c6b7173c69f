package scheduler

import (
	"math"
	"time"
)

// lunarDate returns the date of a day of the Vietnamese lunar calendar, which
// goes by the new moons and the winter solstice at UTC+7 and so differs from
// the Chinese one now and then: Tết 2030 is a day earlier. The months are 1 to 12 and never the leap month. The method is
// Hồ Ngọc Đức's, after Meeus, Astronomical Algorithms.
func lunarDate(year, month, day int) Date {
	before, after := november(year-1), november(year)
	if month >= 11 {
		before, after = after, november(year+1)
	}
	first := moonAt(before)
	months := (month + 1) % 12 // since the eleventh
	if after-before > 365 {    // thirteen months: one of them is leap
		if leap := leapAfter(first); months >= leap {
			months++
		}
	}
	return newMoon(first+months) + Date(day-1)
}

// kitchenGods returns 23 tháng Chạp before the first day of a lunar year.
func kitchenGods(tet Date) Date { return newMoon(moonAt(tet)-1) + 22 }

// moons are counted from the new moon of January 1900, in months of this mean
// length.
const (
	meanMonth = 29.530588853
	firstMoon = 2415021.076998695 // Julian day
	epoch     = 2440588           // Julian day number of 1 January 1970
)

// moonAt returns the number of the new moon on or nearest to d.
func moonAt(d Date) int {
	return int(math.Floor((float64(d)+epoch-firstMoon)/meanMonth + 0.5))
}

// november returns the first day of the eleventh lunar month, that of the
// winter solstice.
func november(year int) Date {
	k := int(math.Floor(float64(DateOf(year, time.December, 31)+epoch-2415021) / meanMonth))
	if d := newMoon(k); sunSign(d) < 9 {
		return d
	}
	return newMoon(k - 1)
}

// leapAfter returns how many months after the eleventh the leap month is: the
// first one during which the sun enters no new sign.
func leapAfter(first int) int {
	i := 1
	for last := -1; i < 14; i++ {
		sign := sunSign(newMoon(first + i))
		if sign == last {
			break
		}
		last = sign
	}
	return i - 1
}

// newMoon returns the date at UTC+7 of the k-th new moon.
func newMoon(k int) Date {
	n := float64(k)
	t := n / 1236.85 // Julian centuries since 1900
	t2, t3 := t*t, t*t*t
	mean := 2415020.75933 + 29.53058868*n + 0.0001178*t2 - 0.000000155*t3 +
		0.00033*sin(166.56+132.87*t-0.009173*t2)
	sun := 359.2242 + 29.10535608*n - 0.0000333*t2 - 0.00000347*t3
	moon := 306.0253 + 385.81691806*n + 0.0107306*t2 + 0.00001236*t3
	node := 21.2964 + 390.67050646*n - 0.0016528*t2 - 0.00000239*t3
	swing := (0.1734-0.000393*t)*sin(sun) + 0.0021*sin(2*sun) -
		0.4068*sin(moon) + 0.0161*sin(2*moon) - 0.0004*sin(3*moon) +
		0.0104*sin(2*node) - 0.0051*sin(sun+moon) - 0.0074*sin(sun-moon) +
		0.0004*sin(2*node+sun) - 0.0004*sin(2*node-sun) - 0.0006*sin(2*node+moon) +
		0.0010*sin(2*node-moon) + 0.0005*sin(2*moon+sun)
	drift := -0.000278 + 0.000265*t + 0.000262*t2 // of the earth's turning, in days
	return Date(math.Floor(mean+swing-drift+0.5+7.0/24)) - epoch
}

// sunSign returns which twelfth of its way the sun has reached at the midnight
// (UTC+7) with which d begins: 0 from the spring equinox, 9 from the winter
// solstice.
func sunSign(d Date) int {
	t := (float64(d) + epoch - 0.5 - 7.0/24 - 2451545) / 36525
	t2 := t * t
	mean := 357.52910 + 35999.05030*t - 0.0001559*t2 - 0.00000048*t*t2
	long := 280.46645 + 36000.76983*t + 0.0003032*t2 +
		(1.914600-0.004817*t-0.000014*t2)*sin(mean) +
		(0.019993-0.000101*t)*sin(2*mean) + 0.000290*sin(3*mean)
	long -= 360 * math.Floor(long/360)
	return int(long / 30)
}

func sin(degrees float64) float64 { return math.Sin(degrees * math.Pi / 180) }
