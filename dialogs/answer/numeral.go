package answer

import "sync"

// role is what a word does inside a spelled number.
type role uint8

const (
	roleArticle role = iota // a hundred
	roleDigit               // một … chín; one … nine
	roleTail                // mốt, tư, lăm: a digit after a ten
	roleTen                 // mười; ten … nineteen
	roleTens                // mươi, chục: times ten after a digit; twenty … ninety as they are
	roleHundred             // trăm; hundred
	roleScale               // nghìn, triệu, tỷ; thousand, million, billion
	roleLink                // linh, lẻ; and
	roleHalf                // rưỡi: half of the scale before it
	rolePoint               // phẩy; point
)

// numeral is one meaning of a word in a spelled number.
type numeral struct {
	word  word
	role  role
	value float64
}

// numerals maps folded words to their meanings, one language each.
type numerals map[string][]numeral

var vietnameseNumerals = lazyNumerals([]numeralRow{
	{roleDigit, 0, []string{"không"}}, {roleDigit, 1, []string{"một"}}, {roleDigit, 2, []string{"hai"}},
	{roleDigit, 3, []string{"ba"}}, {roleDigit, 4, []string{"bốn", "tư"}}, {roleDigit, 5, []string{"năm"}},
	{roleDigit, 6, []string{"sáu"}}, {roleDigit, 7, []string{"bảy", "bẩy"}}, {roleDigit, 8, []string{"tám"}},
	{roleDigit, 9, []string{"chín"}},
	{roleTail, 1, []string{"mốt"}}, {roleTail, 4, []string{"tư"}}, {roleTail, 5, []string{"lăm", "nhăm"}},
	{roleTen, 10, []string{"mười"}}, {roleTens, 10, []string{"mươi", "chục"}}, {roleHundred, 100, []string{"trăm"}},
	{roleScale, 1e3, []string{"nghìn", "ngàn", "k"}}, {roleScale, 1e6, []string{"triệu", "tr"}},
	{roleScale, 1e9, []string{"tỷ", "tỉ"}},
	{roleLink, 0, []string{"linh", "lẻ"}}, {roleHalf, 0, []string{"rưỡi"}}, {rolePoint, 0, []string{"phẩy", "chấm"}},
})

var englishNumerals = lazyNumerals([]numeralRow{
	{roleArticle, 1, []string{"a"}}, {roleDigit, 0, []string{"zero"}},
	{roleDigit, 1, []string{"one"}}, {roleDigit, 2, []string{"two"}},
	{roleDigit, 3, []string{"three"}}, {roleDigit, 4, []string{"four"}}, {roleDigit, 5, []string{"five"}},
	{roleDigit, 6, []string{"six"}}, {roleDigit, 7, []string{"seven"}}, {roleDigit, 8, []string{"eight"}},
	{roleDigit, 9, []string{"nine"}},
	{roleTen, 10, []string{"ten"}}, {roleTen, 11, []string{"eleven"}}, {roleTen, 12, []string{"twelve"}},
	{roleTen, 13, []string{"thirteen"}}, {roleTen, 14, []string{"fourteen"}}, {roleTen, 15, []string{"fifteen"}},
	{roleTen, 16, []string{"sixteen"}}, {roleTen, 17, []string{"seventeen"}}, {roleTen, 18, []string{"eighteen"}},
	{roleTen, 19, []string{"nineteen"}},
	{roleTens, 20, []string{"twenty"}}, {roleTens, 30, []string{"thirty"}}, {roleTens, 40, []string{"forty"}},
	{roleTens, 50, []string{"fifty"}}, {roleTens, 60, []string{"sixty"}}, {roleTens, 70, []string{"seventy"}},
	{roleTens, 80, []string{"eighty"}}, {roleTens, 90, []string{"ninety"}},
	{roleHundred, 100, []string{"hundred"}}, {roleScale, 1e3, []string{"thousand"}},
	{roleScale, 1e6, []string{"million"}}, {roleScale, 1e9, []string{"billion"}},
	{roleLink, 0, []string{"and"}}, {rolePoint, 0, []string{"point"}},
})

type numeralRow struct {
	role  role
	value float64
	words []string
}

// lazyNumerals makes the table when it is first used.
func lazyNumerals(rows []numeralRow) func() numerals {
	return sync.OnceValue(func() numerals { return newNumerals(rows) })
}

func newNumerals(rows []numeralRow) numerals {
	m := numerals{}
	for _, row := range rows {
		for _, w := range row.words {
			w := split(w)[0]
			m[w.folded] = append(m[w.folded], numeral{w, row.role, row.value})
		}
	}
	return m
}

// at returns the value of ts[i] in a role, if it can play it.
func (m numerals) at(ts []token, i int, r role) (float64, bool) {
	if i >= len(ts) || !ts[i].isWord() {
		return 0, false
	}
	for _, n := range m[ts[i].folded] {
		if n.role == r && ts[i].is(n.word) {
			return n.value, true
		}
	}
	return 0, false
}

// numeric says whether ts[i] can play any role but a link or an article.
func (m numerals) numeric(ts []token, i int) bool {
	for r := roleDigit; r <= rolePoint; r++ {
		if _, ok := m.at(ts, i, r); ok && r != roleLink {
			return true
		}
	}
	return false
}

// small reads a spelled number below 1000 at the start of ts and says how many
// tokens it takes; 0: none.
func small(ts []token) (value float64, n int) {
	if value, n = vietnameseSmall(ts); n > 0 {
		return value, n
	}
	return englishSmall(ts)
}

func vietnameseSmall(ts []token) (value float64, n int) {
	m := vietnameseNumerals()
	hundreds, i := 1.0, 0
	if d, ok := m.at(ts, 0, roleDigit); ok {
		hundreds, i = d, 1
	}
	if _, ok := m.at(ts, i, roleHundred); !ok {
		return vietnameseTens(ts)
	}
	value, i = hundreds*100, i+1
	if _, ok := m.at(ts, i, roleHalf); ok {
		return value + 50, i + 1
	}
	if _, ok := m.at(ts, i, roleLink); ok {
		if d, ok := m.at(ts, i+1, roleDigit); ok {
			return value + d, i + 2
		}
		return value, i
	}
	rest, took := vietnameseTens(ts[i:])
	if took == 1 && rest > 0 && rest < 10 {
		rest *= 10 // "một trăm hai" is 120
	}
	return value + rest, i + took
}

// vietnameseTens reads a spelled number below 100.
func vietnameseTens(ts []token) (value float64, n int) {
	m := vietnameseNumerals()
	d, isDigit := m.at(ts, 0, roleDigit)
	if !isDigit {
		ten, ok := m.at(ts, 0, roleTen)
		if !ok {
			return 0, 0
		}
		last, took := vietnameseLast(ts[1:])
		return ten + last, 1 + took
	}
	if _, ok := m.at(ts, 1, roleTens); ok {
		last, took := vietnameseLast(ts[2:])
		return d*10 + last, 2 + took
	}
	if tail, ok := m.at(ts, 1, roleTail); ok && d > 1 {
		return d*10 + tail, 2 // "hai lăm" is 25
	}
	return d, 1
}

// vietnameseLast reads the digit after a ten.
func vietnameseLast(ts []token) (value float64, n int) {
	for _, r := range []role{roleTail, roleDigit} {
		if d, ok := vietnameseNumerals().at(ts, 0, r); ok && d > 0 {
			return d, 1
		}
	}
	return 0, 0
}

func englishSmall(ts []token) (value float64, n int) {
	m := englishNumerals()
	hundreds, ok := m.at(ts, 0, roleDigit)
	article := !ok
	if article {
		hundreds, ok = m.at(ts, 0, roleArticle)
	}
	if _, hundred := m.at(ts, 1, roleHundred); !ok || !hundred {
		if _, scaled := m.at(ts, 1, roleScale); ok && article {
			return 1, btoi(scaled)
		}
		return englishTens(ts)
	}
	next := 2
	if _, ok := m.at(ts, next, roleLink); ok {
		next++
	}
	if rest, took := englishTens(ts[min(next, len(ts)):]); took > 0 {
		return hundreds*100 + rest, next + took
	}
	return hundreds * 100, 2
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// englishTens reads a spelled number below 100.
func englishTens(ts []token) (value float64, n int) {
	m := englishNumerals()
	if ty, ok := m.at(ts, 0, roleTens); ok {
		if d, ok := m.at(ts, 1, roleDigit); ok && d > 0 {
			return ty + d, 2
		}
		return ty, 1
	}
	if v, ok := m.at(ts, 0, roleTen); ok {
		return v, 1
	}
	if v, ok := m.at(ts, 0, roleDigit); ok {
		return v, 1
	}
	return 0, 0
}
