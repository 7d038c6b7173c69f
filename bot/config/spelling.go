package config

import "github.com/agnivade/levenshtein"

// likely returns the candidate nearest to the word in single-letter changes,
// or "" if none is near enough to be what was meant.
func likely(word string, candidates []string) string {
	best, least := "", max(2, len(word)/3)+1
	for _, c := range candidates {
		if d := levenshtein.ComputeDistance(word, c); d < least {
			best, least = c, d
		}
	}
	return best
}
