// Package search finds the answers, tips and leaflets nearest to what somebody
// typed: without marks, misspelt, in either language.
//
// Called by bot, inside a turn. An [Index] is over one content set and makes
// itself when it is first used or when [Index.Make] is called beside the turns;
// either way once. It is safe for concurrent use. Nothing of it is stored and
// nothing that was searched for is kept.
package search
