output "c44001" {
  value = file("fixtures/note.txt")
}

output "c44002" {
  value = file("./fixtures/note.txt")
}

output "c44003" {
  value = file("${path.module}/fixtures/note.txt")
}

output "c44004" {
  value = fileexists("fixtures/note.txt")
}

output "c44005" {
  value = filebase64("fixtures/note.txt")
}

output "c44006" {
  value = templatefile("fixtures/note.txt", {})
}

output "c44007" {
  value = dirname("a/b/c.txt")
}

output "c44008" {
  value = dirname("c.txt")
}

output "c44009" {
  value = dirname("")
}

output "c44010" {
  value = dirname("/")
}

output "c44011" {
  value = dirname("/a")
}

output "c44012" {
  value = dirname("a/b/")
}

output "c44013" {
  value = dirname("a//b")
}

output "c44014" {
  value = dirname("..")
}

output "c44015" {
  value = basename("a/b/c.txt")
}

output "c44016" {
  value = basename("a/b/")
}

output "c44017" {
  value = basename("")
}

output "c44018" {
  value = basename("/")
}

output "c44019" {
  value = basename("..")
}

output "c44020" {
  value = basename("a")
}

output "c44021" {
  value = abspath("/a/../b")
}

output "c44022" {
  value = abspath("/a//b/./c/")
}

output "c44023" {
  value = abspath("/")
}

output "c44024" {
  value = jsondecode(file("fixtures/d.json"))
}

output "c44025" {
  value = csvdecode(file("fixtures/d.csv"))
}

output "c44026" {
  value = split("\n", file("fixtures/note.txt"))
}

output "c44027" {
  value = filesha1("fixtures/d.json") == sha1(file("fixtures/d.json"))
}
