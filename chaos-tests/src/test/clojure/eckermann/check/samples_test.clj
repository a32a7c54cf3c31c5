(ns eckermann.check.samples-test
  (:require [clojure.string :as str]
            [clojure.test :refer [deftest is]]
            [eckermann.check.samples :as samples]
            [eckermann.report.svg :as svg]
            [eckermann.report.text :as text]))

(def ^:private ceilings {:rss-kib 500000 :files 900 :threads 200 :disk-kib 700000})

(defn- sample [time rss files] {:n1 {:pid 7 :rss-kib rss :files files :threads 90 :disk-kib 1000 :log-bytes 5} :n2 {:log-bytes 9} :time time})

(deftest node-within-its-ceilings-is-not-convicted
  (let [{:keys [valid? samples highest]} (samples/check [(sample 1 300000 200) (sample 2 400000 210)] ceilings)]
    (is (true? valid?))
    (is (= 2 samples))
    (is (= [400000 :n1 2] ((juxt :value :node :time) (:rss-kib highest))))))

(deftest node-that-uses-more-than-its-settings-allow-is-convicted-with-what-and-when
  (let [{:keys [valid? over]} (samples/check [(sample 1 300000 200) (sample 2 300000 5000) (sample 3 300000 300)] ceilings)]
    (is (false? valid?))
    (is (= [{:node :n1 :figure :files :value 5000 :time 2 :ceiling 900}] over))))

(deftest run-without-measurements-shows-nothing
  (is (= :unknown (:valid? (samples/check [] ceilings))))
  (is (= [:disk-kib] (:unmeasured (samples/check [{:n1 {:rss-kib 1 :files 1 :threads 1} :time 1}] ceilings)))))

(deftest chart-has-a-line-for-each-node-and-the-ceiling-once-it-is-passed
  (let [chart (fn [seen] (svg/resources seen samples/figures ceilings [] (svg/scale 10) 10 text/amount))]
    (is (str/includes? (chart [(sample 1 300000 200) (sample 2 400000 300)]) "open files: at most 300 of 900"))
    (is (= 4 (count (re-seq #"<polyline" (chart [(sample 1 300000 200) (sample 2 400000 300)])))))
    (is (not (str/includes? (chart [(sample 1 300000 200)]) "class='ceiling'")))
    (is (str/includes? (chart [(sample 1 300000 5000)]) "class='ceiling'"))
    (is (= "" (chart [])))))
