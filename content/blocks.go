package content

import (
	"fmt"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"golang.org/x/text/unicode/norm"
)

// newMarkdown returns a reader of what articles may hold: headings, paragraphs,
// lists, checklists, tables and quotes.
func newMarkdown() parser.Parser {
	return goldmark.New(goldmark.WithExtensions(extension.Table, extension.TaskList)).Parser()
}

// blocksOf reads Markdown as blocks. What articles may not hold, such as
// pictures and code, is read as its words.
func blocksOf(md parser.Parser, source []byte) []Block {
	root := md.Parse(text.NewReader(source))
	var list []Block
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		if b := blockOf(n, source); b.Text != "" || len(b.Items) > 0 || len(b.Rows) > 0 {
			list = append(list, b)
		}
	}
	return list
}

func blockOf(n ast.Node, source []byte) Block {
	switch n := n.(type) {
	case *ast.Heading:
		return Block{Kind: Heading, Text: inline(n, source)}
	case *ast.List:
		b := Block{Kind: Bullets}
		if n.IsOrdered() {
			b.Kind = Numbered
		}
		for item := n.FirstChild(); item != nil; item = item.NextSibling() {
			if item.FirstChild() != nil && item.FirstChild().FirstChild() != nil {
				if _, ok := item.FirstChild().FirstChild().(*east.TaskCheckBox); ok {
					b.Kind = Checklist
				}
			}
			b.Items = append(b.Items, children(item, source, " "))
		}
		return b
	case *ast.Blockquote:
		return Block{Kind: Quote, Text: children(n, source, "\n")}
	case *east.Table:
		b := Block{Kind: Table}
		for row := n.FirstChild(); row != nil; row = row.NextSibling() {
			var cells []string
			for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
				cells = append(cells, inline(cell, source))
			}
			b.Rows = append(b.Rows, cells)
		}
		return b
	default:
		return Block{Kind: Paragraph, Text: inline(n, source)}
	}
}

// children joins the texts of the blocks inside n.
func children(n ast.Node, source []byte, between string) string {
	var parts []string
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if s := inline(c, source); s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, between)
}

// inline is the running text of a block, strong runs marked.
func inline(n ast.Node, source []byte) string {
	var b strings.Builder
	var walk func(ast.Node)
	walk = func(n ast.Node) {
		switch n := n.(type) {
		case *ast.Text:
			b.Write(n.Segment.Value(source))
			if n.HardLineBreak() {
				b.WriteByte('\n')
			} else if n.SoftLineBreak() {
				b.WriteByte(' ')
			}
			return
		case *ast.String:
			b.Write(n.Value)
			return
		case *ast.AutoLink:
			b.Write(n.URL(source))
			return
		}
		e, _ := n.(*ast.Emphasis)
		strong := e != nil && e.Level == 2
		if strong {
			b.WriteString("**")
		}
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			walk(c)
		}
		if strong {
			b.WriteString("**")
		}
	}
	walk(n)
	return norm.NFC.String(strings.TrimSpace(b.String()))
}

// chatText words blocks for a chat: **strong** runs, a line for each entry of a
// list, and nothing else.
func chatText(blocks []Block) string {
	var lines []string
	for _, b := range blocks {
		switch b.Kind {
		case Heading:
			lines = append(lines, "**"+strings.ReplaceAll(b.Text, "**", "")+"**")
		case Numbered:
			for i, item := range b.Items {
				lines = append(lines, fmt.Sprintf("%d. %s", i+1, item))
			}
		case Bullets, Checklist:
			for _, item := range b.Items {
				lines = append(lines, "• "+item)
			}
		case Table:
			lines = append(lines, tableLines(b.Rows)...)
		default:
			lines = append(lines, b.Text)
		}
	}
	return strings.Join(lines, "\n")
}

// tableLines words a table: a chat cannot show columns. Rows to be filled in on
// paper are left out.
func tableLines(rows [][]string) []string {
	var lines []string
	for _, row := range rows {
		line := strings.Join(row, " · ")
		if strings.Trim(line, " ·") != "" {
			lines = append(lines, line)
		}
	}
	return lines
}
