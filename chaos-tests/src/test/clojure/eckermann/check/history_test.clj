(ns eckermann.check.history-test
  (:require [clojure.java.io :as io]
            [clojure.test :refer [deftest is]]
            [eckermann.check.core :as core]
            [eckermann.check.history :as h])
  (:import (java.nio.file Files)
           (java.nio.file.attribute FileAttribute)))

(def ^:private ops
  [{:index 0 :time 0 :type :invoke :process 0 :f :send :value ["log-1" [7]]}
   {:index 1 :time 5 :type :info :process :nemesis :f :kill-leader :value {:number 1 :id "N3" :phase :begin}}
   {:index 2 :time 9 :type :ok :process 0 :f :send :value ["log-1" [[1 7]]]}
   {:index 3 :time 9 :type :invoke :process 0 :f :send :value ["log-1" [8]]}])

(deftest ends-find-their-beginnings-and-calls-without-an-end-are-unknown
  (let [[a b] (h/calls ops)]
    (is (= [:ok ["log-1" [7]] ["log-1" [[1 7]]] 0 2] ((juxt :type :value :result :start :end) a)))
    (is (= [:info nil] ((juxt :type :end) b)))))

(deftest what-nobody-should-judge-is-named
  (is (= [] (h/strict ops)))
  (is (= ["time falls"] (map :wrong (h/strict (assoc-in ops [3 :time] 1)))))
  (is (= ["process does two things at once"] (map :wrong (h/strict (conj ops (assoc (ops 3) :index 4))))))
  (is (= ["failed with another value"] (map :wrong (h/strict (conj ops {:index 4 :time 10 :type :fail :process 0 :f :send :value 1}))))))

(deftest a-whole-run-is-judged-from-its-files
  (let [dir (.toFile (Files/createTempDirectory "chaos-check" (make-array FileAttribute 0)))
        write (fn [name text] (let [f (io/file dir name)] (io/make-parents f) (spit f text)))]
    (write "history.edn" (apply str (map prn-str (conj (subvec ops 0 3) {:index 3 :time 11 :type :info :process :nemesis :f :final-head :value ["log-1" 1]}))))
    (write "test.edn" (pr-str {:name "canned" :seed 1 :nodes 2 :skipped [{:name "N7" :why "no power"}]}))
    (doseq [n ["n1" "n2"]] (write (str n "/log-1.ndjson") "{\"position\":1,\"recorded_ns\":\"1700000000000000000\",\"data\":\"7\"}\n"))
    (is (= "UNKNOWN" (with-redefs [println (fn [& _])] (core/analyze-dir! (str dir)))))
    (doseq [f ["results.edn" "report.txt" "report.md" "report.html" "junit.xml"]]
      (is (pos? (.length (io/file dir f))) f))
    (is (re-find #"lost 0" (slurp (io/file dir "report.txt"))))
    (run! io/delete-file (reverse (file-seq dir)))))
