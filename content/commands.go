package content

import (
	"io/fs"

	"sachhon/dialogs"
	"sachhon/dialogs/answer"
)

var nameForm = lazily(`^[a-z0-9]{1,20}$`)

// engineCommands are those that the engine carries out itself; the others
// start a flow.
var engineCommands = []string{"back", "cancel", "stop", "help"}

// readCommands reads commands.yaml.
func readCommands(fsys fs.FS) (p *page, commands []dialogs.Command, entries []dialogs.Entry) {
	p, root := readPage(fsys, "commands.yaml")
	if root == nil {
		return p, nil, nil
	}
	top := p.fields(root, "commands.yaml", "commands", "entries")
	said := map[string]string{} // folded word → command
	for _, n := range top.items("commands") {
		d := p.fields(n, "a command", "key", "names", "words", "label", "about", "flow", "into", "idle")
		c := dialogs.Command{Key: d.key("key"), Names: d.strs("names"), Words: d.strs("words"), Flow: d.str("flow"), Into: d.str("into"), Idle: d.strs("idle"),
			Label: d.text("label", worded{role: label}), About: d.text("about", worded{role: line})}
		if len(c.Names) == 0 {
			p.fail(n, "the command has no names", "write names: [vietnamese, english], without marks")
		}
		for _, name := range c.Names {
			if !nameForm().MatchString(name) {
				p.note(d.place("names"), Error, "“/"+name+"” cannot be typed on every keyboard", "use a–z and digits only, without marks and spaces")
			}
		}
		p.checkWords(c, d, said)
		commands = append(commands, c)
	}
	for _, n := range top.items("entries") {
		d := p.fields(n, "a deep link", "prefix", "flow", "into")
		entries = append(entries, dialogs.Entry{Prefix: d.key("prefix"), Flow: d.str("flow"), Into: d.key("into")})
	}
	return p, commands, entries
}

// checkWords reports words that two commands share once marks are left out,
// unless the marks tell them apart.
func (p *page) checkWords(c dialogs.Command, d fields, said map[string]string) {
	all := append(append([]string{}, c.Names...), c.Words...)
	for _, w := range all {
		key := answer.Fold(w)
		if other, ok := said[key]; ok && other != c.Key {
			p.note(d.place("words"), Error, "“"+w+"” is said for “"+other+"” too", "leave it to one of the two")
		}
		said[key] = c.Key
	}
}
